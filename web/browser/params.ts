// A value for every parameter in the path of a page, so that every page can be opened. A new parameter gets a line here.

import type { Role, Town } from "./harness";

/** How a value is found; undefined where the town has none. */
export type Finder = (t: Town) => Promise<string | undefined>;

/** An account that owes. */
export const DEBTOR = "3710000013";

/** A field of the first row of a list; undefined where the list is empty. */
function first(role: Role, list: string, field: string): Finder {
  return async (t) => {
    const told = await t.api<{ items: Record<string, unknown>[] }>(role, "GET", `${list}?limit=1`);
    const value = told.items[0]?.[field];
    return value === undefined ? undefined : String(value);
  };
}

export const PARAMS: Record<string, Finder> = {
  accountNo: async () => DEBTOR,
  tab: async () => undefined,
  runOn: first("manager", "/day-runs", "run_on"),
  ruleId: first("manager", "/rules", "id"),
  proposalNo: first("manager", "/rule-proposals", "proposal_no"),
  webhookNo: first("administrator", "/webhooks", "webhook_no"),
  // The debtor's lawyer's letter, his cut, a ticket, a part of the field page.
  caseNo: async () => "1",
  code: first("manager", "/tickets", "code"),
  findingNo: first("manager", "/findings", "finding_no"),
  reviewNo: first("manager", "/reviews", "review_no"),
  course: async () => "safety",
  session: async () => "1",
  article: async () => "policy-cut",
  campaignNo: first("manager", "/campaigns", "campaign_no"),
  problemNo: first("manager", "/problems", "problem_no"),
  noticeNo: async () => "1",
  targetNo: first("manager", "/targets", "target_no"),
  month: first("manager", "/appraisals", "month"),
  staff: first("manager", "/appraisals", "staff"),
  sheetNo: first("manager", "/bonus-sheets", "sheet_no"),
  part: async () => undefined,
  key: async () => undefined,
};
