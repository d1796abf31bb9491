// 营业日: runs of business days, tried, asked for, watched.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/day/runs",
    title: { zh: "营业日运行", en: "Business days" },
    group: "administration",
    order: 10,
    permission: "see_reports",
    component: lazy(() => import("./Runs")),
  },
  {
    path: "/day/runs/:runOn",
    title: { zh: "营业日运行情况", en: "A business day" },
    permission: "see_reports",
    component: lazy(() => import("./Run")),
  },
];
