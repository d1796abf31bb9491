// 核算: bills that wait for a second person.

import { lazy } from "react";
import type { PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/billing/waiting",
    title: { zh: "发行审批", en: "Release gate" },
    group: "billing",
    order: 1,
    permission: "release_bills",
    component: lazy(() => import("./Waiting")),
  },
];

const bills: TaskPaths[string] = (task) =>
  task.account_no ? `/accounts/${task.account_no}/bills` : undefined;

export const taskPaths: TaskPaths = { bill_parked: bills, bill_rebill: bills };
