// 现场作业: one page, so that all of it is there without a line.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/field/:part?",
    title: { zh: "现场作业", en: "Field work" },
    permission: "work_in_field",
    // It stands without a login too: what was taken along has to open without a line.
    open: true,
    component: lazy(() => import("./Field")),
  },
];
