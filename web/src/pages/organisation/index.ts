// 组织与导入: units, staff, and files of the registry.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/organisation/units",
    title: { zh: "组织机构", en: "Organisation" },
    group: "administration",
    order: 15,
    permission: "manage_people",
    component: lazy(() => import("./Units")),
  },
  {
    path: "/organisation/imports",
    title: { zh: "档案导入", en: "Imports" },
    group: "administration",
    order: 50,
    permission: "import_registry",
    component: lazy(() => import("./Imports")),
  },
];
