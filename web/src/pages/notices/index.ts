// 通知: what was told and how it arrived, what failed, what is late, serving by hand, runs of paper.

import { lazy } from "react";
import type { AccountTab, PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/notices/list",
    title: { zh: "通知清单", en: "Notices" },
    group: "notices",
    order: 1,
    permission: "see_accounts",
    component: lazy(() => import("./List")),
  },
  {
    path: "/notices/late",
    title: { zh: "逾期未送达", en: "Late notices" },
    group: "notices",
    order: 2,
    permission: "see_accounts",
    component: lazy(() => import("./Late")),
  },
  {
    path: "/notices/failures",
    title: { zh: "联系失败", en: "Contacts that fail" },
    group: "notices",
    order: 3,
    permission: "see_accounts",
    component: lazy(() => import("./Failures")),
  },
  {
    path: "/notices/papers",
    title: { zh: "打印与派发", en: "Papers" },
    group: "notices",
    order: 4,
    permission: "see_accounts",
    component: lazy(() => import("./Papers")),
  },
  {
    path: "/notices/one/:accountNo/:noticeNo",
    title: { zh: "通知", en: "Notice" },
    permission: "see_accounts",
    component: lazy(() => import("./One")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "contacts",
    label: { zh: "联系方式", en: "Contacts" },
    order: 100,
    permission: "see_accounts",
    component: lazy(() => import("./ContactsTab")),
  },
];

const contacts = (task: { account_no?: string | null }) =>
  task.account_no ? `/accounts/${task.account_no}/contacts` : undefined;

export const taskPaths: TaskPaths = {
  contact_call: contacts,
  contact_visit: contacts,
  notice_late: () => "/notices/late",
  notice_undeliverable: () => "/notices/list?state=failed",
};
