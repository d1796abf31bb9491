// Whom a collector turns to, the most urgent first; a manager looks at anybody's list.

import { Popover, Select, Tag } from "antd";
import { useSearchParams } from "react-router";
import { useGet } from "@/api";
import { useHolds } from "@/app/session";
import { AccountLink, Day, ListPage, Money } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { DemandMany, useDemandsTold } from "./Demands";
import { words } from "./words";

/** The page. */
export default function Worklist() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const isManager = useHolds()("manager");
  const [search, setSearch] = useSearchParams();
  const staff = search.get("staff") ?? undefined;
  const collectors = useGet("/collectors", {}, { enabled: isManager });
  const people = (collectors.data?.collectors ?? []).map((one) => ({
    value: one.code,
    label: `${one.code} ${one.name} · ${one.org}`,
  }));
  const demands = useDemandsTold();
  return (
    <>
      <ListPage
        path="/worklist"
        args={{ query: staff ? { staff } : {} }}
        name="collections.worklist"
        title={w.worklist}
        rowKey={(row) => row.account_no}
        rowPath={(row) => `/collections/card/${row.account_no}`}
        bulk={(rows, clear) => <DemandMany rows={rows} clear={clear} tell={demands.tell} />}
        actions={
          isManager && (
            <Select
              aria-label={w.of}
              style={{ width: 260 }}
              showSearch={{ optionFilterProp: "label" }}
              value={staff ?? ""}
              onChange={(next: string) => setSearch(next === "" ? {} : { staff: next })}
              options={[{ value: "", label: w.mine }, ...people]}
            />
          )
        }
        empty={isManager && !staff ? w.emptyOfManager : w.emptyList}
        columns={[
          {
            key: "score",
            title: w.score,
            align: "right",
            render: (row) => (
              <Popover
                title={w.why}
                content={
                  <ul style={{ margin: 0, paddingInlineStart: 18, maxWidth: 380 }}>
                    {row.why.map((reason) => (
                      <li key={reason.en}>{say(reason)}</li>
                    ))}
                  </ul>
                }
              >
                <Tag color="blue">{row.score}</Tag>
              </Popover>
            ),
          },
          {
            key: "account_no",
            title: w.account,
            sort: "account_no",
            render: (row) => <AccountLink no={row.account_no} />,
          },
          { key: "name", title: w.customer },
          { key: "address", title: w.address },
          {
            key: "overdue",
            title: w.overdue,
            sort: "overdue",
            align: "right",
            render: (row) => <Money value={row.overdue} />,
          },
          { key: "due_on", title: w.dueOn, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
          {
            key: "stands_on",
            title: w.stage,
            render: (row) => name("ladderStep", row.stands_on?.split(":")[0]),
          },
        ]}
      />
      {demands.shown}
    </>
  );
}
