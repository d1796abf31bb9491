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
  {
    path: "/service/problems",
    title: { zh: "集中问题", en: "Problems of many" },
    group: "service",
    order: 2,
    permission: "see_tickets",
    component: lazy(() => import("./Problems")),
  },
  {
    path: "/service/problems/:problemNo",
    title: { zh: "集中问题处理", en: "Problem of many" },
    permission: "see_tickets",
    component: lazy(() => import("./Problem")),
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

const problem: TaskPaths[string] = (task) => `/service/problems/${task.subject}`;

export const taskPaths: TaskPaths = {
  ticket: place,
  ticket_late: place,
  problem,
  problem_late: problem,
};
