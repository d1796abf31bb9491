// 登录与令牌: who comes in, with which roles, and other systems.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/people/logins",
    title: { zh: "登录与岗位", en: "Logins and roles" },
    group: "administration",
    order: 20,
    permission: "manage_people",
    component: lazy(() => import("./Logins")),
  },
  {
    path: "/people/tokens",
    title: { zh: "接口令牌", en: "API tokens" },
    group: "administration",
    order: 30,
    permission: "manage_people",
    component: lazy(() => import("./Tokens")),
  },
];
