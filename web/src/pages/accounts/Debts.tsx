// What is owed, and how each late fee grew.

import { Card, Empty, Flex, Spin } from "antd";
import { useGet } from "@/api";
import { Day, Derivation, Facts, Money, ProblemNote, SmallTable } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Debts({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const debts = useGet("/accounts/{account_no}/debts", { path: { account_no: accountNo }, query: {} });
  const told = debts.data;
  if (!told) {
    return debts.problem ? <ProblemNote problem={debts.problem} again={debts.again} /> : <Spin />;
  }
  return (
    <Flex vertical gap={12}>
      <Facts
        facts={[
          [w.toPay, <Money key="1" value={told.to_pay} unit />],
          [w.receivable, <Money key="2" value={told.receivable} unit />],
          [w.lateFee, <Money key="3" value={told.late_fee} unit />],
          [w.running, <Money key="4" value={told.running_fee} unit />],
          [w.prepaid, <Money key="5" value={told.prepaid} unit />],
        ]}
      />
      {told.debts.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noDebts} />
      ) : (
        <SmallTable
          rowKey="bill_no"
          dataSource={told.debts}
          expand={(debt) => (
            <Card size="small" title={w.feeWhy}>
              <Derivation steps={debt.steps} />
            </Card>
          )}
          columns={[
            { title: w.bill, dataIndex: "bill_no", align: "right" },
            { title: w.due, render: (_, debt) => <Day value={debt.due_on} /> },
            { title: w.principal, align: "right", render: (_, debt) => <Money value={debt.principal} /> },
            { title: w.unpaid, align: "right", render: (_, debt) => <Money value={debt.open} /> },
            { title: w.fee, align: "right", render: (_, debt) => <Money value={debt.fee} /> },
            { title: w.booked, align: "right", render: (_, debt) => <Money value={debt.booked} /> },
            { title: w.waived, align: "right", render: (_, debt) => <Money value={debt.waived} /> },
          ]}
        />
      )}
    </Flex>
  );
}
