// 收费: the counter, the bank, suspense, refunds, day close, payment intents, the books.

import { lazy } from "react";
import type { AccountTab, PageDef } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/payments/counter",
    title: { zh: "柜台收费", en: "Counter" },
    group: "payments",
    order: 1,
    permission: "take_payments",
    component: lazy(() => import("./Counter")),
  },
  {
    path: "/payments/intents",
    title: { zh: "支付单", en: "Payment intents" },
    group: "payments",
    order: 2,
    permission: "see_arrears",
    component: lazy(() => import("./Intents")),
  },
  {
    path: "/payments/bank",
    title: { zh: "银行文件", en: "Bank files" },
    group: "payments",
    order: 3,
    permission: "keep_bank",
    component: lazy(() => import("./Bank")),
  },
  {
    path: "/payments/suspense",
    title: { zh: "暂收款", en: "Suspense" },
    group: "payments",
    order: 4,
    permission: "keep_bank",
    component: lazy(() => import("./Suspense")),
  },
  {
    path: "/payments/refunds",
    title: { zh: "退费", en: "Refunds" },
    group: "payments",
    order: 5,
    permission: "see_reports",
    component: lazy(() => import("./Refunds")),
  },
  {
    path: "/payments/close",
    title: { zh: "日结", en: "Day close" },
    group: "payments",
    order: 6,
    permission: "close_day",
    component: lazy(() => import("./Close")),
  },
  {
    path: "/payments/trial-balance",
    title: { zh: "试算平衡", en: "Trial balance" },
    group: "payments",
    order: 7,
    permission: "see_reports",
    component: lazy(() => import("./Trial")),
  },
];

export const accountTabs: AccountTab[] = [
  {
    key: "statement",
    label: { zh: "对账单", en: "Statement" },
    order: 45,
    component: lazy(() => import("./Statement")),
  },
];
