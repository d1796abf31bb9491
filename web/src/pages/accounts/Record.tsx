// 户卡: who is supplied, on which terms, by which contract, through which meters.

import { Card, Flex, Spin } from "antd";
import { useGet } from "@/api";
import { Day, Facts, ProblemNote, Quantity, SmallTable, useUnitNames } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Record({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const unit = useUnitNames();
  const asked = useGet("/accounts/{account_no}", { path: { account_no: accountNo }, query: {} });
  const card = asked.data?.account;
  if (!card) {
    return asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />;
  }
  const until = (day: string | null | undefined) => (day ? <Day value={day} /> : w.current);
  return (
    <Flex vertical gap={12}>
      <Facts
        facts={[
          [w.customerKind, name("customerKind", card.customer_kind)],
          [w.identity, card.identity_no],
          [w.org, unit(card.org)],
          [w.route, card.route],
          [w.district, card.district],
          [w.estate, card.estate],
          [w.importance, name("importance", card.importance)],
          [w.protection, name("protection", card.protection)],
          [w.opened, <Day key="o" value={card.opened_on} />],
          [w.closed, card.closed_on && <Day key="c" value={card.closed_on} />],
        ]}
      />
      <Card size="small" title={w.terms}>
        <SmallTable
          rowKey="from_on"
          dataSource={card.terms}
          columns={[
            { title: w.from, render: (_, line) => <Day value={line.from_on} /> },
            { title: w.until, render: (_, line) => until(line.until_on) },
            { title: w.category, render: (_, line) => name("category", line.terms.category) },
            { title: w.voltage, render: (_, line) => name("voltage", line.terms.voltage) },
            { title: w.scheme, render: (_, line) => name("scheme", line.terms.scheme) },
            {
              title: `${w.capacity} (kVA)`,
              align: "right",
              render: (_, line) => <Quantity value={line.terms.capacity} />,
            },
            { title: w.timeOfUse, render: (_, line) => (line.terms.time_of_use ? w.yes : w.no) },
          ]}
        />
      </Card>
      <Card size="small" title={w.contracts}>
        <SmallTable
          rowKey="contract_no"
          dataSource={card.contracts}
          columns={[
            { title: w.contractNo, dataIndex: "contract_no" },
            { title: w.from, render: (_, line) => <Day value={line.from_on} /> },
            { title: w.until, render: (_, line) => until(line.until_on) },
          ]}
        />
      </Card>
      <Card size="small" title={w.meters}>
        <SmallTable
          rowKey="meter_no"
          dataSource={card.installations}
          columns={[
            { title: w.point, dataIndex: "point_no", align: "right" },
            { title: w.meter, dataIndex: "meter_no" },
            {
              title: w.multiplier,
              align: "right",
              render: (_, line) => <Quantity value={line.multiplier} />,
            },
            { title: w.installed, render: (_, line) => <Day value={line.installed_on} /> },
            { title: w.removed, render: (_, line) => <Day value={line.removed_on} /> },
          ]}
        />
      </Card>
    </Flex>
  );
}
