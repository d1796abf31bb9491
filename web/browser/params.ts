// A value for every parameter in the path of a page, so that every page can be opened. A new parameter gets a line here.

import type { Town } from "./harness";

/** How a value is found; undefined where the town has none. */
export type Finder = (t: Town) => Promise<string | undefined>;

/** An account that owes. */
export const DEBTOR = "3710000013";

export const PARAMS: Record<string, Finder> = {
  accountNo: async () => DEBTOR,
  tab: async () => undefined,
};
