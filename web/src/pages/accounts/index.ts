// 客户: search, and the customer's page with its tabs.

import { lazy } from "react";
import type { AccountTab, PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/accounts",
    title: { zh: "查找客户", en: "Find customers" },
    group: "customers",
    order: 1,
    permission: "see_accounts",
    component: lazy(() => import("./Search")),
  },
  {
    path: "/accounts/:accountNo/:tab?",
    title: { zh: "客户全景", en: "Customer" },
    permission: "see_accounts",
    component: lazy(() => import("./Account")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "timeline",
    label: { zh: "时间轴", en: "Timeline" },
    order: 10,
    component: lazy(() => import("./Timeline")),
  },
  {
    key: "bills",
    label: { zh: "账单", en: "Bills" },
    order: 20,
    component: lazy(() => import("./Bills")),
  },
  {
    key: "readings",
    label: { zh: "用电", en: "Usage" },
    order: 30,
    component: lazy(() => import("./Readings")),
  },
  {
    key: "payments",
    label: { zh: "缴费", en: "Payments" },
    order: 40,
    component: lazy(() => import("./Payments")),
  },
  {
    key: "debts",
    label: { zh: "欠费", en: "Debts" },
    order: 50,
    permission: "see_arrears",
    component: lazy(() => import("./Debts")),
  },
  {
    key: "notices",
    label: { zh: "通知", en: "Notices" },
    order: 70,
    component: lazy(() => import("./Notices")),
  },
  {
    key: "account",
    label: { zh: "档案", en: "Record" },
    order: 110,
    component: lazy(() => import("./Record")),
  },
];
