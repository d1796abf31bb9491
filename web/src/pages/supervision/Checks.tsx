// The checks of the book with their limits, and what came of each; the supervisor may run them over older days.

import { App, Button, Card, Flex, Form } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import { DayRangeField, EditDrawer, PageHead, ProblemNote, RuleTag, SmallTable, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { Measured } from "./Measured";
import { words } from "./words";

/** The page. */
export default function Checks() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [scanning, setScanning] = useState(false);
  const asked = useGet("/supervision-checks", {});
  return (
    <Flex vertical gap={12}>
      <PageHead
        title={w.checks}
        actions={
          may("keep_supervision") && (
            <Button type="primary" onClick={() => setScanning(true)}>
              {w.scan}
            </Button>
          )
        }
      />
      {asked.problem && <ProblemNote problem={asked.problem} />}
      <Card size="small">
        <SmallTable
          rowKey={(row) => row.check}
          dataSource={asked.data?.items ?? []}
          loading={asked.loading}
          columns={[
            { title: w.phase, render: (_, row) => name("phase", row.phase) },
            {
              title: w.check,
              render: (_, row) => (
                <Link to={`/supervision/findings?subject=${row.check}`}>{name("check", row.check)}</Link>
              ),
            },
            {
              title: w.severity,
              render: (_, row) => row.severity && <StateTag family="severity" word={row.severity} />,
            },
            {
              title: w.limit,
              align: "right",
              render: (_, row) => <Measured check={row.check} value={row.limit} />,
            },
            { title: w.least, align: "right", render: (_, row) => row.least },
            { title: w.found, align: "right", render: (_, row) => row.found },
            { title: w.open, align: "right", render: (_, row) => row.open },
            {
              title: w.rule,
              render: (_, row) =>
                row.rule ? (
                  <RuleTag id={row.rule} rule={{ id: row.rule, clause: row.clause, confidence: "" }} />
                ) : (
                  w.off
                ),
            },
          ]}
        />
      </Card>
      <Scan open={scanning} close={() => setScanning(false)} />
    </Flex>
  );
}

interface Days {
  days: [string, string];
}

function Scan({ open, close }: { open: boolean; close: () => void }) {
  const w = useWords(words);
  const { message } = App.useApp();
  const send = useSend("post", "/finding-scans");
  const submit = async ({ days: [from, until] }: Days) => {
    const { hits, found } = await send.run({ body: { from, until } });
    message.success(w.scanned(hits, found));
  };
  return (
    <EditDrawer<Days> open={open} close={close} title={w.scan} submit={submit} submitText={w.scan}>
      <Form.Item name="days" label={w.scanDays} rules={[{ required: true, message: w.needed }]}>
        <DayRangeField />
      </Form.Item>
    </EditDrawer>
  );
}
