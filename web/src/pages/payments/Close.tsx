// Day close: what was taken by channel, against the cash that was counted.

import { Alert, Card, Flex, Form, Radio } from "antd";
import { useState } from "react";
import { useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import {
  ActionButton,
  Day,
  DayField,
  Facts,
  Money,
  MoneyField,
  PageHead,
  ProblemNote,
  SmallTable,
} from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Close() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [on, setOn] = useState<string>();
  const [all, setAll] = useState(false);
  const [counted, setCounted] = useState<string>();
  const part = { ...(on ? { on } : {}), ...(all ? { cashier: "all" } : {}) };
  const preview = useGet("/day-closes/preview", { query: part });
  const close = useSend("post", "/day-closes");
  const told = preview.data;
  return (
    <>
      <PageHead
        title={w.titles.close}
        actions={
          <ActionButton
            primary
            permission="close_day"
            {...(told?.already_closed ? { blocked: w.closed } : {})}
            confirm={told ? { money: told.net } : true}
            run={() => close.run({ body: { ...part, ...(counted ? { counted } : {}) } })}
          >
            {w.close}
          </ActionButton>
        }
      />
      <Flex vertical gap={12}>
        <Card size="small">
          <Form layout="inline">
            <Form.Item label={w.on} htmlFor="close-on">
              <DayField id="close-on" value={on ?? told?.on} onChange={setOn} />
            </Form.Item>
            {may("keep_bank") && (
              <Form.Item label={w.cashier}>
                <Radio.Group
                  value={all}
                  onChange={(event) => setAll(event.target.value as boolean)}
                  options={[
                    { value: false, label: w.mine },
                    { value: true, label: w.everybody },
                  ]}
                />
              </Form.Item>
            )}
            <Form.Item label={w.counted} htmlFor="close-counted">
              <MoneyField id="close-counted" value={counted} onChange={setCounted} />
            </Form.Item>
          </Form>
        </Card>
        <ProblemNote problem={preview.problem} again={preview.again} />
        {told && (
          <Card size="small" title={<Day value={told.on} />}>
            {told.already_closed && <Alert type="info" title={w.closed} role="status" />}
            <Facts
              facts={[
                [w.net, <Money key="1" value={told.net} unit />],
                [w.inCash, <Money key="2" value={told.cash} unit />],
              ]}
            />
            <SmallTable
              rowKey={(row) => `${row.cashier}/${row.channel}`}
              dataSource={told.lines}
              columns={[
                { title: w.cashier, dataIndex: "cashier" },
                { title: w.channel, render: (_, row) => name("paymentChannel", row.channel) },
                { title: w.count, dataIndex: "payments", align: "right" },
                { title: w.received, align: "right", render: (_, row) => <Money value={row.received} /> },
                { title: w.reversals, dataIndex: "reversals", align: "right" },
                { title: w.reversedSum, align: "right", render: (_, row) => <Money value={row.reversed} /> },
              ]}
            />
          </Card>
        )}
      </Flex>
    </>
  );
}
