// How old what is overdue is by unit, where it went between two months, and what was recovered.

import { Card, Col, DatePicker, Flex, Row, Table } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link } from "react-router";
import { type Schema, useGet } from "@/api";
import { Chart, grouped, Money, PageHead, ProblemNote, sumMoney, toPlot } from "@/parts";
import { useSay, useWords } from "@/words";
import { words } from "./words";

type Ages = Schema<"Migration">;

/** The page. */
export default function Ageing() {
  const w = useWords(words);
  return (
    <>
      <PageHead title={w.ageing} />
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <ByUnit />
        </Col>
        <Col xs={24} xl={12}>
          <Migration />
        </Col>
        <Col xs={24}>
          <Recovery />
        </Col>
      </Row>
    </>
  );
}

function ByUnit() {
  const w = useWords(words);
  const say = useSay();
  const asked = useGet("/arrears/ageing", { query: {} });
  const rows = asked.data?.rows ?? [];
  const ages = [...new Map(rows.map((row) => [row.age, say(row.age_name)])).entries()];
  const units = [...new Map(rows.map((row) => [row.org, row.name])).entries()];
  const cell = (org: string, age: string) => rows.find((row) => row.org === org && row.age === age);
  return (
    <Card size="small" title={w.ageingByUnit}>
      <ProblemNote problem={asked.problem} again={asked.again} />
      <Table
        size="small"
        pagination={false}
        loading={asked.loading && rows.length === 0}
        scroll={{ x: "max-content" }}
        rowKey={([org]) => org}
        dataSource={units}
        columns={[
          { title: w.unit, render: (_, [, unit]) => unit },
          ...ages.map(([age, label]) => ({
            title: label,
            align: "right" as const,
            render: (_: unknown, [org]: [string, string]) => {
              const found = cell(org, age);
              return (
                found && (
                  <Link to={`/collections/arrears?org=${org}&age=${age}`}>
                    <Money value={found.principal} />
                  </Link>
                )
              );
            },
          })),
          {
            title: w.total,
            align: "right",
            render: (_, [org]) => (
              <Money value={sumMoney(rows.filter((row) => row.org === org).map((row) => row.principal))} />
            ),
          },
        ]}
      />
      <Flex gap={24} style={{ marginTop: 12 }}>
        <span>
          {w.principal} <Money value={asked.data?.principal} unit />
        </span>
        <span>
          {w.lateFee} <Money value={asked.data?.late_fee} unit />
        </span>
      </Flex>
    </Card>
  );
}

function Migration() {
  const w = useWords(words);
  const say = useSay();
  const [months, setMonths] = useState<[string, string]>();
  const asked = useGet(
    "/arrears/migration",
    { query: months ? { from: months[0], to: months[1] } : {} },
    { keep: true },
  );
  const told = asked.data;
  const label = (code: string) => {
    const age = told?.ages.find((one) => one.code === code);
    return code === "new" ? w.newDebt : code === "paid" ? w.paid : age ? say(age.name) : code;
  };
  return (
    <Card
      size="small"
      title={w.migration}
      extra={
        <DatePicker.RangePicker
          picker="month"
          aria-label={w.migration}
          value={told ? [dayjs(told.from), dayjs(told.to)] : null}
          onChange={(days) => {
            const [from, to] = days ?? [];
            setMonths(from && to ? [from.format("YYYY-MM"), to.format("YYYY-MM")] : undefined);
          }}
        />
      }
    >
      <ProblemNote problem={asked.problem} again={asked.again} />
      {told && (
        <>
          <Chart label={w.migration} option={option(told, label)} height={260} />
          <Table
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            rowKey={(flow) => `${flow.from}/${flow.to}`}
            dataSource={told.flows}
            title={() => w.migrationNote(told.from, told.to)}
            columns={[
              { title: w.fromAge, render: (_, flow) => label(flow.from) },
              { title: w.toAge, render: (_, flow) => label(flow.to) },
              { title: w.bills, align: "right", dataIndex: "bills" },
              { title: w.amount, align: "right", render: (_, flow) => <Money value={flow.amount} /> },
            ]}
          />
        </>
      )}
    </Card>
  );
}

/** A bar for each age at the start, made of where its money went. */
function option(told: Ages, label: (code: string) => string) {
  const order = ["new", ...told.ages.map((age) => age.code)];
  const from = order.filter((code) => told.flows.some((flow) => flow.from === code));
  const to = [...told.ages.map((age) => age.code), "paid"].filter((code) =>
    told.flows.some((flow) => flow.to === code),
  );
  return {
    tooltip: { trigger: "item", valueFormatter: (value: number) => grouped(value.toFixed(2)) },
    legend: { top: 0 },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    xAxis: { type: "value", axisLabel: { hideOverlap: true } },
    yAxis: { type: "category", inverse: true, data: from.map(label) },
    series: to.map((code) => ({
      name: label(code),
      type: "bar",
      stack: "all",
      data: from.map((start) => {
        const flow = told.flows.find((one) => one.from === start && one.to === code);
        return flow ? toPlot(flow.amount) : 0;
      }),
    })),
  };
}

function Recovery() {
  const w = useWords(words);
  const asked = useGet("/arrears/recovery", { query: {} });
  const rate = (value: string | null | undefined) => (value ? `${value}%` : "–");
  return (
    <Card size="small" title={w.recovery} extra={asked.data && `${asked.data.from} – ${asked.data.to}`}>
      <ProblemNote problem={asked.problem} again={asked.again} />
      <Table
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        loading={asked.loading && !asked.data}
        rowKey="org"
        dataSource={asked.data?.units ?? []}
        columns={[
          { title: w.unit, dataIndex: "name" },
          { title: w.receivable, align: "right", render: (_, unit) => <Money value={unit.receivable} /> },
          { title: w.received, align: "right", render: (_, unit) => <Money value={unit.received} /> },
          { title: w.cumulative, align: "right", render: (_, unit) => rate(unit.cumulative) },
          { title: w.thisYear, align: "right", render: (_, unit) => rate(unit.this_year) },
          { title: w.priorYears, align: "right", render: (_, unit) => rate(unit.prior_years) },
        ]}
      />
    </Card>
  );
}
