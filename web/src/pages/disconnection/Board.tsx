// 停电流程: the cases of one's unit, by state; the window that ends first stands first.

import { Flex, Segmented } from "antd";
import { useSearchParams } from "react-router";
import { AccountLink, Day, DaysLeft, ListPage, Money, StateTag } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Board() {
  const w = useWords(words);
  const name = useNames();
  const states = useOptions("cutState");
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const choose = (next: string) =>
    setSearch(
      (now) => {
        next === "" ? now.delete("state") : now.set("state", next);
        return now;
      },
      { replace: true },
    );
  return (
    <ListPage
      path="/cuts"
      name="cuts"
      title={w.board}
      args={{ query: state === "" ? {} : { state: state as "proposed" } }}
      rowKey={(row) => `${row.account_no}/${row.case_no}`}
      rowPath={(row) => `/disconnection/cases/${row.account_no}`}
      filters={[{ key: "live", label: w.liveOnly, kind: "switch" }]}
      above={() => (
        <Flex style={{ marginBottom: 12, overflowX: "auto" }}>
          <Segmented
            aria-label={w.state}
            value={state}
            onChange={choose}
            options={[{ value: "", label: w.all }, ...states]}
          />
        </Flex>
      )}
      columns={[
        {
          key: "account_no",
          title: w.number,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} tab="cuts" />,
        },
        { key: "address", title: w.address },
        { key: "case_no", title: w.caseNo, align: "right", hidden: true },
        { key: "state", title: w.state, render: (row) => <StateTag family="cutState" word={row.state} /> },
        {
          key: "open",
          title: w.open,
          sort: "open",
          align: "right",
          render: (row) => <Money value={row.open} />,
        },
        {
          key: "proposed_on",
          title: w.proposed,
          sort: "proposed_on",
          render: (row) => (
            <>
              <Day value={row.proposed_on} /> {row.proposed_by}
            </>
          ),
        },
        { key: "approved_by", title: w.approved },
        {
          key: "served_on",
          title: w.served,
          sort: "served_on",
          render: (row) => <Day value={row.served_on} />,
        },
        {
          key: "window",
          title: w.window,
          sort: "window_to",
          render: (row) =>
            row.window_from && (
              <>
                <Day value={row.window_from} /> – <Day value={row.window_to} />
              </>
            ),
        },
        {
          key: "days_left",
          title: w.left,
          sort: "days_left",
          render: (row) => <DaysLeft days={row.days_left} />,
        },
        { key: "outcome", title: w.outcome, render: (row) => name("cutOutcome", row.outcome) },
      ]}
    />
  );
}
