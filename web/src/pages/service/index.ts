// 客户服务: tickets.

import { lazy } from "react";
import type { AccountTab, PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/service/tickets",
    title: { zh: "工单", en: "Tickets" },
    group: "service",
    order: 1,
    permission: "see_tickets",
    component: lazy(() => import("./Tickets")),
  },
  {
    path: "/service/tickets/:code",
    title: { zh: "工单处理", en: "Ticket" },
    permission: "see_tickets",
    component: lazy(() => import("./Ticket")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "tickets",
    label: { zh: "工单", en: "Tickets" },
    order: 75,
    permission: "see_tickets",
    component: lazy(() => import("./AccountTickets")),
  },
];

const place: TaskPaths[string] = (task) => `/service/tickets/${task.account_no ?? "0"}-${task.subject}`;

export const taskPaths: TaskPaths = { ticket: place, ticket_late: place };
