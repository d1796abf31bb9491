// Everything that a call needs on one page, and what may be done next.

import { EyeOutlined } from "@ant-design/icons";
import { Alert, Button, Card, Col, Flex, Row, Statistic, Table, Tag, Timeline } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { type Schema, useGet } from "@/api";
import { useMay } from "@/app/session";
import { Day, Derivation, DetailPage, Facts, Money, RuleTag, StateTag } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { Acts } from "./Acts";
import { words } from "./words";

type CardData = Schema<"CallCard">;

/** The page. */
export default function CallCard() {
  const w = useWords(words);
  const may = useMay();
  const { accountNo = "" } = useParams();
  const [personal, setPersonal] = useState(false);
  const asked = useGet(
    "/accounts/{account_no}/call-card",
    { path: { account_no: accountNo }, query: personal ? { personal } : {} },
    { keep: true },
  );
  const card = asked.data;
  return (
    <DetailPage
      back="/collections/worklist"
      title={`${w.card} ${accountNo}`}
      note={card && `${card.customer} · ${card.address}`}
      loading={!card && asked.loading}
      problem={asked.problem}
      again={asked.again}
      actions={
        <>
          {may("see_personal") && (
            <Button icon={<EyeOutlined />} disabled={personal} onClick={() => setPersonal(true)}>
              {w.showInFull}
            </Button>
          )}
          <Link to={`/accounts/${accountNo}`}>
            <Button>{w.customerPage}</Button>
          </Link>
        </>
      }
    >
      {card && (
        <>
          <Acts card={card} />
          <Row gutter={[16, 16]}>
            <Col xs={24} xl={14}>
              <Flex vertical gap={16}>
                <Owes card={card} />
                <Why card={card} />
              </Flex>
            </Col>
            <Col xs={24} xl={10}>
              <Flex vertical gap={16}>
                <Hours card={card} />
                <Contacts card={card} />
                <Agreements card={card} />
                <Lately card={card} />
              </Flex>
            </Col>
          </Row>
        </>
      )}
    </DetailPage>
  );
}

function Owes({ card }: { card: CardData }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.debts} extra={<Link to={`/accounts/${card.account_no}/debts`}>{w.why}</Link>}>
      <Statistic
        title={w.toPay}
        value={card.owes.to_pay}
        formatter={() => <Money value={card.owes.to_pay} unit />}
      />
      <Table
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey="bill_no"
        dataSource={card.owes.debts}
        columns={[
          { title: w.billNo, dataIndex: "bill_no" },
          { title: w.dueOn, render: (_, debt) => <Day value={debt.due_on} /> },
          { title: w.principal, align: "right", render: (_, debt) => <Money value={debt.open} /> },
          { title: w.lateFee, align: "right", render: (_, debt) => <Money value={debt.fee} /> },
        ]}
      />
    </Card>
  );
}

function Why({ card }: { card: CardData }) {
  const w = useWords(words);
  return (
    <Card size="small" title={w.ladderWhy}>
      <Facts
        columns={2}
        facts={[
          [w.rule, card.ladder_rule && <RuleTag key="r" id={card.ladder_rule} />],
          [w.nextOn, card.next_on && <Day key="n" value={card.next_on} />],
        ]}
      />
      <Derivation steps={card.why} />
    </Card>
  );
}

function Hours({ card }: { card: CardData }) {
  const w = useWords(words);
  const say = useSay();
  const { hours } = card;
  const open = hours.from && hours.until ? w.hoursOpen(hours.from, hours.until) : w.hoursNone;
  return (
    <Alert
      showIcon
      type={hours.allowed ? "success" : "warning"}
      data-testid="hours"
      title={hours.text ? say(hours.text) : open}
      description={
        <Flex gap={8} wrap align="center">
          <span>{w.lately(hours.lately)}</span>
          {!hours.allowed && (
            <span>
              {w.nextAt} <Day value={hours.next_at} />
            </span>
          )}
          {hours.rules.map((id) => (
            <RuleTag key={id} id={id} />
          ))}
        </Flex>
      }
    />
  );
}

function Contacts({ card }: { card: CardData }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Card
      size="small"
      title={w.contacts}
      extra={<Link to={`/accounts/${card.account_no}/contacts`}>{w.contacts}</Link>}
    >
      <Table
        size="small"
        pagination={false}
        rowKey="contact_no"
        dataSource={card.contacts}
        columns={[
          { title: w.contactKind, render: (_, one) => name("contactKind", one.kind) },
          { title: w.value, dataIndex: "value" },
          {
            title: w.state,
            render: (_, one) => one.trouble && <Tag color="red">{name("contactTrouble", one.trouble)}</Tag>,
          },
        ]}
      />
    </Card>
  );
}

function Agreements({ card }: { card: CardData }) {
  const w = useWords(words);
  const name = useNames();
  const holds = card.holds.filter((hold) => !hold.released_on);
  return (
    <Card size="small" title={w.plans}>
      <Table
        size="small"
        pagination={false}
        rowKey="plan_no"
        dataSource={card.plans}
        locale={{ emptyText: w.none }}
        columns={[
          { title: w.kind, render: (_, plan) => name("planKind", plan.kind) },
          { title: w.agreedOn, render: (_, plan) => <Day value={plan.agreed_on} /> },
          { title: w.amount, align: "right", render: (_, plan) => <Money value={plan.amount} /> },
          { title: w.state, render: (_, plan) => <StateTag family="planState" word={plan.state} /> },
        ]}
      />
      {holds.map((hold) => (
        <p key={hold.hold_no} style={{ marginBottom: 0 }}>
          <Tag color="orange">{name("holdKind", hold.kind)}</Tag> <Day value={hold.from_on} />–
          <Day value={hold.until_on} /> {hold.reason}
        </p>
      ))}
    </Card>
  );
}

function Lately({ card }: { card: CardData }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Card size="small" title={w.calls}>
      <Timeline
        items={[
          ...card.calls.map((call) => ({
            key: `c${call.evidence_no}`,
            content: (
              <>
                <Day value={call.at} /> <strong>{name("outcome", call.outcome)}</strong> {call.note}
              </>
            ),
          })),
          ...card.notices.map((notice) => ({
            key: `n${notice.notice_no}`,
            color: "gray",
            content: (
              <>
                <Day value={notice.decided_on} /> {name("noticeKind", notice.kind)}{" "}
                <StateTag family="noticeState" word={notice.state} />
              </>
            ),
          })),
        ]}
      />
    </Card>
  );
}
