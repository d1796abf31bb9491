// 推送: endpoints of other systems.

import { lazy } from "react";
import type { PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/webhooks/endpoints",
    title: { zh: "事件推送", en: "Webhooks" },
    group: "administration",
    order: 40,
    permission: "manage_hooks",
    component: lazy(() => import("./Endpoints")),
  },
  {
    path: "/webhooks/endpoints/:webhookNo",
    title: { zh: "推送端点", en: "A webhook" },
    permission: "manage_hooks",
    component: lazy(() => import("./Endpoint")),
  },
];
