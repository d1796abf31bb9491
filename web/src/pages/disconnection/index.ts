// 停复电: cases of cuts, restorations with their clock, protected windows, and the customer's tab.

import { lazy } from "react";
import type { AccountTab, PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/disconnection/cases",
    title: { zh: "停电流程", en: "Cuts" },
    group: "disconnection",
    order: 1,
    permission: "see_arrears",
    component: lazy(() => import("./Board")),
  },
  {
    path: "/disconnection/cases/:accountNo",
    title: { zh: "停电办理", en: "Cut of a customer" },
    permission: "see_arrears",
    component: lazy(() => import("./Case")),
  },
  {
    path: "/disconnection/restorations",
    title: { zh: "复电", en: "Restorations" },
    group: "disconnection",
    order: 2,
    permission: "see_arrears",
    component: lazy(() => import("./Restorations")),
  },
  {
    path: "/disconnection/windows",
    title: { zh: "禁停时段", en: "Protected windows" },
    group: "disconnection",
    order: 3,
    permission: "see_arrears",
    component: lazy(() => import("./Windows")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "cuts",
    label: { zh: "停复电", en: "Cuts" },
    order: 65,
    permission: "see_arrears",
    component: lazy(() => import("./Cuts")),
  },
];

const kinds = ["cut_approval", "cut_due", "cut_unserved", "cut_parked", "cut_doubtful", "cut_after_payment"];

export const taskPaths: TaskPaths = Object.fromEntries(
  [...kinds, "restoration", "restoration_late"].map((kind) => [
    kind,
    (task) => (task.account_no ? `/disconnection/cases/${task.account_no}` : undefined),
  ]),
);
