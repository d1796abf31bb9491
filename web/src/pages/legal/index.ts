// 法务: the calendar of limitation, cases, write-offs, and the customer's tab.

import { lazy } from "react";
import type { AccountTab, PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/legal/limitations",
    title: { zh: "时效日历", en: "Limitation calendar" },
    group: "legal",
    order: 1,
    permission: "see_legal",
    component: lazy(() => import("./Limitations")),
  },
  {
    path: "/legal/cases",
    title: { zh: "法律案件", en: "Legal cases" },
    group: "legal",
    order: 2,
    permission: "see_legal",
    component: lazy(() => import("./Cases")),
  },
  {
    path: "/legal/cases/:accountNo/:caseNo",
    title: { zh: "法律案件", en: "Legal case" },
    permission: "see_legal",
    component: lazy(() => import("./Case")),
  },
  {
    path: "/legal/write-offs",
    title: { zh: "账销案存", en: "Write-offs" },
    group: "legal",
    order: 3,
    permission: "see_legal",
    component: lazy(() => import("./WriteOffs")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "legal",
    label: { zh: "法务", en: "Legal" },
    order: 80,
    permission: "see_legal",
    component: lazy(() => import("./AccountLegal")),
  },
];

const toTab: TaskPaths[string] = (task) =>
  task.account_no ? `/accounts/${task.account_no}/legal` : undefined;

export const taskPaths: TaskPaths = {
  legal_proposal: (task) =>
    task.account_no && task.subject.startsWith("legal:")
      ? `/legal/cases/${task.account_no}/${task.subject.slice(6)}`
      : undefined,
  legal_term: toTab,
  limitation_alert: toTab,
  security_ends: toTab,
  claims_end: toTab,
  write_off_request: () => "/legal/write-offs",
  write_off_recovery: () => "/legal/write-offs",
};
