// What pauses ladders in one's unit, and letting them go on.

import { Button, Form, Input } from "antd";
import { useState } from "react";
import { type RowOf, useSend } from "@/api";
import { useMay } from "@/app/session";
import { AccountLink, Day, DaysLeft, EditDrawer, ListPage } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Holds() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const kinds = useOptions("holdKind");
  const [ending, setEnding] = useState<RowOf<"/holds">>();
  const release = useSend("post", "/accounts/{account_no}/holds/{hold_no}/release");
  return (
    <>
      <ListPage
        path="/holds"
        name="collections.holds"
        title={w.holdsTitle}
        rowKey={(row) => `${row.account_no}/${row.hold_no}`}
        rowPath={(row) => `/collections/card/${row.account_no}`}
        filters={[{ key: "kind", label: w.kind, kind: "select", options: kinds }]}
        columns={[
          { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
          { key: "customer", title: w.customer },
          { key: "kind", title: w.kind, render: (row) => name("holdKind", row.kind) },
          {
            key: "bill_no",
            title: w.billNo,
            render: (row) => (row.bill_no === 0 ? w.wholeAccount : row.bill_no),
          },
          { key: "from_on", title: w.from_on, render: (row) => <Day value={row.from_on} /> },
          { key: "until_on", title: w.until_on, render: (row) => <Day value={row.until_on} /> },
          { key: "days_left", title: w.left, render: (row) => <DaysLeft days={row.days_left} /> },
          { key: "reason", title: w.reason },
          { key: "set_by", title: w.setBy },
          {
            key: "do",
            title: "",
            render: (row) =>
              may("work_ladder") && (
                <Button size="small" onClick={() => setEnding(row)}>
                  {w.release}
                </Button>
              ),
          },
        ]}
      />
      <EditDrawer<{ reason: string }>
        open={ending !== undefined}
        title={w.release}
        close={() => setEnding(undefined)}
        submit={(body) =>
          release.run({
            path: { account_no: ending?.account_no ?? "", hold_no: ending?.hold_no ?? 0 },
            body,
          })
        }
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={200} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
