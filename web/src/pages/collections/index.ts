// 催费: the collector's list and card, arrears and their ages, plans, holds, approvals.

import { lazy } from "react";
import type { AccountTab, PageDef, TaskPaths } from "@/app/pages";

const card = (task: { account_no?: string | null }) =>
  task.account_no ? `/collections/card/${task.account_no}` : undefined;

export const pages: PageDef[] = [
  {
    path: "/collections/worklist",
    title: { zh: "催费工作清单", en: "Collector's list" },
    group: "collections",
    order: 1,
    permission: "work_ladder",
    component: lazy(() => import("./Worklist")),
  },
  {
    path: "/collections/arrears",
    title: { zh: "欠费清单", en: "Arrears" },
    group: "collections",
    order: 2,
    permission: "see_arrears",
    component: lazy(() => import("./Arrears")),
  },
  {
    path: "/collections/ageing",
    title: { zh: "账龄与回收", en: "Ageing and recovery" },
    group: "collections",
    order: 3,
    permission: "see_arrears",
    component: lazy(() => import("./Ageing")),
  },
  {
    path: "/collections/plans",
    title: { zh: "分期与承诺", en: "Plans and promises" },
    group: "collections",
    order: 4,
    permission: "see_arrears",
    component: lazy(() => import("./Plans")),
  },
  {
    path: "/collections/holds",
    title: { zh: "暂缓催收", en: "Holds" },
    group: "collections",
    order: 5,
    permission: "see_arrears",
    component: lazy(() => import("./Holds")),
  },
  {
    path: "/collections/approvals",
    title: { zh: "减免与分期审批", en: "Waivers and plans" },
    group: "collections",
    order: 6,
    permission: "see_arrears",
    component: lazy(() => import("./Approvals")),
  },
  {
    path: "/collections/card/:accountNo",
    title: { zh: "催费卡", en: "Call card" },
    permission: "see_arrears",
    component: lazy(() => import("./CallCard")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "ladder",
    label: { zh: "催费", en: "Ladder" },
    order: 60,
    permission: "see_arrears",
    component: lazy(() => import("./LadderTab")),
  },
];

export const taskPaths: TaskPaths = {
  dunning: card,
  plan_broken: card,
  approval_request: () => "/collections/approvals?state=open",
};
