// 证据: bundles for the court, and the customer's tab with previews.

import { lazy } from "react";
import type { AccountTab, PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/evidence/bundles",
    title: { zh: "证据包", en: "Bundles" },
    group: "legal",
    order: 4,
    permission: "see_evidence",
    component: lazy(() => import("./Bundles")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "evidence",
    label: { zh: "证据", en: "Evidence" },
    order: 90,
    permission: "see_evidence",
    component: lazy(() => import("./Evidence")),
  },
];
