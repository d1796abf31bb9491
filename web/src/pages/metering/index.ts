// 抄表: what is due, entering readings, doubts by finding.

import { lazy } from "react";
import type { PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/metering/orders",
    title: { zh: "抄表计划", en: "Reading orders" },
    group: "metering",
    order: 1,
    permission: "see_accounts",
    component: lazy(() => import("./Orders")),
  },
  {
    path: "/metering/entry",
    title: { zh: "录入示数", en: "Enter readings" },
    group: "metering",
    order: 2,
    permission: "take_readings",
    component: lazy(() => import("./Entry")),
  },
  {
    path: "/metering/exceptions",
    title: { zh: "抄表异常", en: "Reading exceptions" },
    group: "metering",
    order: 3,
    permission: "see_accounts",
    component: lazy(() => import("./Exceptions")),
  },
];

const place: TaskPaths[string] = () => "/metering/exceptions";

export const taskPaths: TaskPaths = {
  reading_exception: place,
  reading_doubt: place,
  reading_notice: place,
};
