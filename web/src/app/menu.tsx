// The groups of the side menu, in the order in which the money goes.

import {
  AlertOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BellOutlined,
  CalculatorOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  FundOutlined,
  HomeOutlined,
  NotificationOutlined,
  PayCircleOutlined,
  PoweroffOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Text } from "@/words";

const GROUPS = {
  work: [{ zh: "工作台", en: "Work" }, <HomeOutlined key="i" />],
  customers: [{ zh: "客户", en: "Customers" }, <TeamOutlined key="i" />],
  metering: [{ zh: "抄表", en: "Metering" }, <DashboardOutlined key="i" />],
  billing: [{ zh: "核算", en: "Billing" }, <CalculatorOutlined key="i" />],
  notices: [{ zh: "通知", en: "Notices" }, <BellOutlined key="i" />],
  payments: [{ zh: "收费", en: "Payments" }, <PayCircleOutlined key="i" />],
  collections: [{ zh: "催费", en: "Collections" }, <AlertOutlined key="i" />],
  disconnection: [{ zh: "停复电", en: "Cuts" }, <PoweroffOutlined key="i" />],
  legal: [{ zh: "法务", en: "Legal" }, <BankOutlined key="i" />],
  service: [{ zh: "客户服务", en: "Service" }, <CustomerServiceOutlined key="i" />],
  supervision: [{ zh: "监督", en: "Supervision" }, <AuditOutlined key="i" />],
  targets: [{ zh: "指标", en: "Targets" }, <FundOutlined key="i" />],
  insight: [{ zh: "分析", en: "Insight" }, <BarChartOutlined key="i" />],
  outreach: [{ zh: "走访宣传", en: "Outreach" }, <NotificationOutlined key="i" />],
  rules: [{ zh: "规则", en: "Rules" }, <SafetyCertificateOutlined key="i" />],
  administration: [{ zh: "系统管理", en: "Administration" }, <SettingOutlined key="i" />],
} as const satisfies Record<string, readonly [Text, ReactNode]>;

/** A group of the side menu. */
export type MenuGroup = keyof typeof GROUPS;

/** The groups in their order, with title and icon. */
export const menuGroups = Object.entries(GROUPS).map(([key, [title, icon]]) => ({
  key: key as MenuGroup,
  title,
  icon,
}));
