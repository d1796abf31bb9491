// Is a doubted reading billed already? Then it cannot be taken back: not read again, not billed provisionally.

import { type RowOf, useList } from "@/api";
import { useWords } from "@/words";
import { words } from "./words";

type Row = Pick<RowOf<"/exceptions">, "account_no" | "kind" | "subject">;
type Bill = Pick<
  RowOf<"/accounts/{account_no}/bills">,
  "bill_no" | "corrects_no" | "kind" | "state" | "to_on"
>;

/** More bills than an account gets in years. */
const BILLS = 200;

/** The day to which an account is billed by what its meters showed; empty when it never was. */
export function billedTo(bills: Bill[]): string {
  const cancelled = bills.filter((bill) => bill.kind === "cancellation").map((bill) => bill.corrects_no);
  const days = bills
    .filter((bill) => bill.kind === "regular" || bill.kind === "provisional")
    .filter((bill) => bill.state !== "rejected" && !cancelled.includes(bill.bill_no))
    .map((bill) => bill.to_on);
  return days.sort().at(-1) ?? "";
}

/** Why the readings of these doubts cannot be taken back; nothing when they can. */
export function useBilled(rows: Row[]): string | undefined {
  const w = useWords(words);
  const [first] = rows;
  const day = first?.subject.match(/^reading:(.+)/)?.[1];
  const asks = rows.length === 1 && day !== undefined && Boolean(first?.account_no);
  const path = { account_no: first?.account_no ?? "" };
  const bills = useList("/accounts/{account_no}/bills", { path }, BILLS, { enabled: asks });
  if (rows.length > 1) {
    // Only an exception keeps its account from being billed.
    const billed = rows.filter((row) => row.kind !== "reading_exception").length;
    return billed > 0 ? w.someBilled(billed) : undefined;
  }
  const to = asks ? billedTo(bills.rows) : "";
  return day && to >= day ? w.billed(to) : undefined;
}
