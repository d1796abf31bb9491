// 客户自助: pages of customers, with a session of their own kind.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/my/:part?/:key?",
    title: { zh: "我的用电", en: "My electricity" },
    open: true,
    component: lazy(() => import("./My")),
  },
];
