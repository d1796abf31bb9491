// 监督: checks and findings, reviews, points, training.

import { lazy } from "react";
import type { PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/supervision/findings",
    title: { zh: "问题清单", en: "Findings" },
    group: "supervision",
    order: 1,
    permission: "see_findings",
    component: lazy(() => import("./Findings")),
  },
  {
    path: "/supervision/findings/:findingNo",
    title: { zh: "问题与整改", en: "Finding" },
    permission: "see_findings",
    component: lazy(() => import("./Finding")),
  },
  {
    path: "/supervision/checks",
    title: { zh: "稽查规则", en: "Checks" },
    group: "supervision",
    order: 2,
    permission: "see_findings",
    component: lazy(() => import("./Checks")),
  },
  {
    path: "/supervision/reviews",
    title: { zh: "专项稽查", en: "Reviews" },
    group: "supervision",
    order: 3,
    permission: "see_findings",
    component: lazy(() => import("./Reviews")),
  },
  {
    path: "/supervision/reviews/:reviewNo",
    title: { zh: "稽查样本", en: "Review" },
    permission: "see_findings",
    component: lazy(() => import("./Review")),
  },
  {
    path: "/supervision/penalties",
    title: { zh: "扣分与申诉", en: "Points" },
    group: "supervision",
    order: 4,
    permission: "see_findings",
    component: lazy(() => import("./Penalties")),
  },
  {
    path: "/supervision/training",
    title: { zh: "培训与证书", en: "Training" },
    group: "supervision",
    order: 5,
    permission: "see_training",
    component: lazy(() => import("./Training")),
  },
  {
    path: "/supervision/training/:course/:session",
    title: { zh: "培训班", en: "Session" },
    permission: "see_training",
    component: lazy(() => import("./Session")),
  },
];

const finding: TaskPaths[string] = (task) => `/supervision/findings/${task.subject.split(":")[0]}`;

export const taskPaths: TaskPaths = {
  finding,
  rectification: finding,
  rectification_verify: finding,
  finding_late: finding,
  finding_part: finding,
  finding_parked: finding,
  penalty_appeal: finding,
  review: (task) => `/supervision/reviews/${task.subject}`,
  certificate_ending: () => "/supervision/training",
  certificate_missing: () => "/supervision/training",
};
