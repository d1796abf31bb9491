// A value for every parameter in the path of a page, so that every page can be opened. A new parameter gets a line here.

import type { Role, Town } from "./harness";

/** How a value is found for somebody who looks; undefined where the town has none for him. */
export type Finder = (t: Town, role: Role) => Promise<string | undefined>;

/** An account that owes. */
export const DEBTOR = "3710000013";

/** A field of the first row of a list as he sees it; undefined where it is empty. */
function first(list: string, field: string): Finder {
  return async (t, role) => {
    const told = await t.api<{ items: Record<string, unknown>[] }>(role, "GET", `${list}?limit=1`);
    const value = told.items[0]?.[field];
    return value === undefined ? undefined : String(value);
  };
}

export const PARAMS: Record<string, Finder> = {
  accountNo: async () => DEBTOR,
  tab: async () => undefined,
  runOn: first("/day-runs", "run_on"),
  ruleId: first("/rules", "id"),
  proposalNo: first("/rule-proposals", "proposal_no"),
  webhookNo: first("/webhooks", "webhook_no"),
  // The debtor's lawyer's letter, his cut, a ticket, a part of the field page.
  caseNo: async () => "1",
  code: first("/tickets", "code"),
  findingNo: first("/findings", "finding_no"),
  reviewNo: first("/reviews", "review_no"),
  course: async () => "safety",
  session: async () => "1",
  article: async () => "policy-cut",
  campaignNo: first("/campaigns", "campaign_no"),
  problemNo: first("/problems", "problem_no"),
  noticeNo: async () => "1",
  targetNo: first("/targets", "target_no"),
  month: first("/appraisals", "month"),
  staff: first("/appraisals", "staff"),
  sheetNo: first("/bonus-sheets", "sheet_no"),
  part: async () => undefined,
  key: async () => undefined,
};
