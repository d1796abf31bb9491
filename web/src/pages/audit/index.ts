// 审计: who changed and looked at what.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/audit/log",
    title: { zh: "审计日志", en: "Audit log" },
    group: "administration",
    order: 60,
    permission: "see_audit",
    component: lazy(() => import("./Log")),
  },
];
