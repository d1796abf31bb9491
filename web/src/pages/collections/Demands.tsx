// 批量催缴: asks for the demand notices of marked debtors, and tells what came of each.

import { Alert, Flex, Modal } from "antd";
import { useState } from "react";
import { type RowOf, type Schema, useSend } from "@/api";
import { AccountLink, ActionButton, SmallTable, sumMoney } from "@/parts";
import { useSay, useWords } from "@/words";
import { words } from "./words";

type Row = RowOf<"/worklist">;
type Told = Schema<"Demands">;

/** The button over marked rows; `tell` takes the answer. */
export function DemandMany(props: { rows: Row[]; clear: () => void; tell: (told: Told) => void }) {
  const { rows, clear, tell } = props;
  const w = useWords(words);
  const demand = useSend("post", "/worklist/demands");
  const run = async () => {
    tell(await demand.run({ body: { accounts: rows.map((row) => row.account_no) } }));
    clear();
  };
  return (
    <ActionButton
      primary
      permission="work_ladder"
      done={false}
      confirm={{
        count: rows.length,
        money: sumMoney(rows.map((row) => row.overdue)),
        content: w.demandHint,
      }}
      run={run}
    >
      {w.demandMany(rows.length)}
    </ActionButton>
  );
}

/** The answer that came last, and how it is shown. */
export function useDemandsTold() {
  const w = useWords(words);
  const say = useSay();
  const [told, setTold] = useState<Told>();
  const [open, setOpen] = useState(false);
  const tell = (next: Told) => {
    setTold(next);
    setOpen(true);
  };
  const close = () => setOpen(false);
  const shown = (
    <Modal open={open} title={w.demands} onCancel={close} onOk={close} cancelButtonProps={{ hidden: true }}>
      {told && (
        <Flex vertical gap={12}>
          <Alert
            showIcon
            type={told.asked.length > 0 ? "success" : "info"}
            title={w.demanded(told.asked.length)}
          />
          {told.refused.length > 0 && (
            <SmallTable
              rowKey="account_no"
              dataSource={told.refused}
              columns={[
                {
                  key: "account_no",
                  title: w.account,
                  render: (_, row) => <AccountLink no={row.account_no} />,
                },
                { key: "text", title: w.notDemanded, render: (_, row) => say(row.text) },
              ]}
            />
          )}
        </Flex>
      )}
    </Modal>
  );
  return { tell, shown };
}
