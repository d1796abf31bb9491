// 指标与考核: targets, who answers for what, appraisals, bonus sheets.

import { lazy } from "react";
import type { PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/targets/targets",
    title: { zh: "回收指标", en: "Recovery targets" },
    group: "targets",
    order: 1,
    permission: "see_targets",
    component: lazy(() => import("./Targets")),
  },
  {
    path: "/targets/targets/:targetNo",
    title: { zh: "指标与实绩", en: "Target" },
    permission: "see_targets",
    component: lazy(() => import("./Tree")),
  },
  {
    path: "/targets/charges",
    title: { zh: "责任到人", en: "Who answers" },
    group: "targets",
    order: 2,
    permission: "see_targets",
    component: lazy(() => import("./Charges")),
  },
  {
    path: "/targets/appraisals",
    title: { zh: "员工考核", en: "Appraisals" },
    group: "targets",
    order: 3,
    permission: "see_appraisals",
    component: lazy(() => import("./Appraisals")),
  },
  {
    path: "/targets/appraisals/:month/:staff",
    title: { zh: "考核", en: "Appraisal" },
    permission: "see_appraisals",
    component: lazy(() => import("./Appraisal")),
  },
  {
    path: "/targets/bonus",
    title: { zh: "奖金表", en: "Bonus sheets" },
    group: "targets",
    order: 4,
    permission: "make_bonus",
    component: lazy(() => import("./Sheets")),
  },
  {
    path: "/targets/bonus/:sheetNo",
    title: { zh: "奖金表", en: "Bonus sheet" },
    permission: "make_bonus",
    component: lazy(() => import("./Sheet")),
  },
];

export const taskPaths: TaskPaths = {
  appraisal_dispute: (task) => `/targets/appraisals/${task.subject}`,
  bonus_sheet: (task) => `/targets/bonus/${task.subject}`,
};
