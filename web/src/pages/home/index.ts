// 工作台: one's own to-do lists.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/home",
    title: { zh: "我的工作", en: "My work" },
    group: "work",
    order: 1,
    component: lazy(() => import("./Home")),
  },
  {
    path: "/home/tasks",
    title: { zh: "待办清单", en: "Task list" },
    group: "work",
    order: 2,
    permission: "see_tasks",
    component: lazy(() => import("./Tasks")),
  },
];
