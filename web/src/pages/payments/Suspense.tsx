// Money of unknown origin: given to an account, or sent back.

import { Button, Flex, Form, Input } from "antd";
import { useState } from "react";
import { type RowOf, useSend } from "@/api";
import { ActionButton, Day, EditDrawer, ListPage, Money } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Suspense() {
  const w = useWords(words);
  const resolve = useSend("post", "/bank/suspense/resolve");
  const giveBack = useSend("post", "/bank/suspense/return");
  const [line, setLine] = useState<RowOf<"/bank/suspense">>();
  return (
    <>
      <ListPage
        path="/bank/suspense"
        title={w.titles.suspense}
        name="bank.suspense"
        rowKey={(row) => `${row.file_id}/${row.line_no}`}
        columns={[
          { key: "file_id", title: w.fileId },
          { key: "line_no", title: w.line, align: "right" },
          { key: "value_on", title: w.valueOn, render: (row) => <Day value={row.value_on} /> },
          { key: "amount", title: w.amount, align: "right", render: (row) => <Money value={row.amount} /> },
          { key: "account_no", title: w.account },
          { key: "payer", title: w.payer },
          { key: "external_id", title: w.externalId },
          {
            key: "deeds",
            title: w.state,
            render: (row) => (
              <Flex gap={8}>
                <Button size="small" onClick={() => setLine(row)}>
                  {w.resolve}
                </Button>
                <ActionButton
                  size="small"
                  confirm={{ money: row.amount }}
                  run={() => giveBack.run({ body: { file_id: row.file_id, line_no: row.line_no } })}
                >
                  {w.giveBack}
                </ActionButton>
              </Flex>
            ),
          },
        ]}
      />
      <EditDrawer<{ account_no: string }>
        open={line !== undefined}
        title={w.resolve}
        submitText={w.resolve}
        close={() => setLine(undefined)}
        {...(line?.account_no ? { initial: { account_no: line.account_no } } : {})}
        submit={({ account_no }) =>
          resolve.run({ body: { file_id: line?.file_id ?? "", line_no: line?.line_no ?? 0, account_no } })
        }
      >
        <Form.Item name="account_no" label={w.account} rules={[{ required: true, message: w.needed }]}>
          <Input autoFocus />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
