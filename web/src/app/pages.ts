// The pages of all columns. Each `src/pages/<column>/index.ts` tells its own; nothing else has to be changed to add one.

import type { ComponentType, LazyExoticComponent } from "react";
import type { Permission, Schema } from "@/api";
import type { Text } from "@/words";
import type { MenuGroup } from "./menu";

/** A page of the console. */
export interface PageDef {
  /** Such as `/collections/arrears`, or with parameters `/billing/runs/:runNo`. */
  path: string;
  title: Text;
  /** Where it stands in the menu; a page without one is reached by links. */
  group?: MenuGroup;
  /** Its place in the group. */
  order?: number;
  /** The right it needs; whoever signed in when there is none. Several: any of them. */
  permission?: Permission | Permission[];
  component: LazyExoticComponent<ComponentType>;
  /** `bare`: without menu and head, for a phone in the field. */
  layout?: "console" | "bare";
  /** Shown to everybody, without a login. Always bare. */
  open?: boolean;
}

/** A tab on a customer's page. */
export interface AccountTab {
  /** Also in the address: `/accounts/3710000001/debts`. */
  key: string;
  label: Text;
  /** Its place among the tabs. */
  order: number;
  permission?: Permission;
  component: LazyExoticComponent<ComponentType<{ accountNo: string }>>;
}

/** A task as the API lists it. */
export type Task = Schema<"TaskLine">;

/** Where a kind of task is done. */
export type TaskPaths = Record<string, (task: Task) => string | undefined>;

interface Column {
  pages?: PageDef[];
  accountTabs?: AccountTab[];
  taskPaths?: TaskPaths;
}

const found = import.meta.glob<Column>("../pages/*/index.{ts,tsx}", { eager: true });

// The pages of the customer come first, so that a column may put its own tab in the place of one of his.
const columns = Object.entries(found)
  .sort(
    ([a], [b]) => Number(b.includes("/accounts/")) - Number(a.includes("/accounts/")) || a.localeCompare(b),
  )
  .map(([, column]) => column);

/** Every page. */
export const pages: PageDef[] = columns.flatMap((column) => column.pages ?? []);

/** Every tab of a customer's page, in order. */
export const accountTabs: AccountTab[] = [
  ...new Map(columns.flatMap((column) => column.accountTabs ?? []).map((tab) => [tab.key, tab])).values(),
].sort((a, b) => a.order - b.order);

const taskPaths: TaskPaths = Object.assign({}, ...columns.map((column) => column.taskPaths ?? {}));

/** Where a task is done: its column's page, or else the customer's. */
export function taskPath(task: Task): string | undefined {
  const path = taskPaths[task.kind]?.(task);
  return path ?? (task.account_no ? `/accounts/${task.account_no}` : undefined);
}

/** May somebody with these rights open the page? */
export function mayOpen(page: Pick<PageDef, "permission">, permissions: readonly Permission[]): boolean {
  if (page.permission === undefined) {
    return true;
  }
  const needed = Array.isArray(page.permission) ? page.permission : [page.permission];
  return needed.some((permission) => permissions.includes(permission));
}

/** Is there such a page? For links to another column's page. */
export function hasPage(path: string): boolean {
  return pages.some((page) => page.path === path);
}
