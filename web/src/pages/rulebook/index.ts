// 规则库: rules with their dates and basis, what changed, and changes that two persons make.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/rulebook/rules",
    title: { zh: "规则一览", en: "Rules" },
    group: "rules",
    order: 1,
    permission: "see_rules",
    component: lazy(() => import("./Rules")),
  },
  {
    path: "/rulebook/rules/:ruleId",
    title: { zh: "规则", en: "A rule" },
    permission: "see_rules",
    component: lazy(() => import("./Rule")),
  },
  {
    path: "/rulebook/changes",
    title: { zh: "规则变化", en: "What changed" },
    group: "rules",
    order: 2,
    permission: "see_rules",
    component: lazy(() => import("./Changes")),
  },
  {
    path: "/rulebook/proposals",
    title: { zh: "规则变更审批", en: "Proposed changes" },
    group: "rules",
    order: 3,
    permission: "see_rules",
    component: lazy(() => import("./Proposals")),
  },
  {
    path: "/rulebook/proposals/:proposalNo",
    title: { zh: "规则变更", en: "A proposed change" },
    permission: "see_rules",
    component: lazy(() => import("./Proposal")),
  },
  {
    path: "/rulebook/calendar",
    title: { zh: "工作日历", en: "Calendar" },
    group: "rules",
    order: 4,
    permission: "see_rules",
    component: lazy(() => import("./Calendar")),
  },
];
