// 时效日历: how much ends when, as alerts and by month, and the debts behind each.

import { Card, Col, Row, Statistic, theme } from "antd";
import { useSearchParams } from "react-router";
import { useGet } from "@/api";
import { AccountLink, Chart, Day, DaysLeft, grouped, ListPage, Money, ProblemNote, toPlot } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Limitations() {
  const w = useWords(words);
  const [search, setSearch] = useSearchParams();
  const month = search.get("month") ?? undefined;
  const within = search.get("within_days") ?? undefined;
  return (
    <ListPage
      path="/limitations"
      name="limitations"
      title={w.limitations}
      rowKey={(row) => `${row.account_no}/${row.bill_no}`}
      rowPath={(row) => `/accounts/${row.account_no}/legal`}
      args={{ query: { ...(within ? { within_days: Number(within) } : {}) } }}
      filters={[
        { key: "month", label: w.month, kind: "month" },
        { key: "running", label: w.running, kind: "switch" },
      ]}
      above={() => (
        <Sums
          within={within}
          pickAlert={(days) =>
            setSearch(
              (now) => {
                now.get("within_days") === days ? now.delete("within_days") : now.set("within_days", days);
                return now;
              },
              { replace: true },
            )
          }
          pickMonth={(picked) =>
            setSearch(
              (now) => {
                picked === month ? now.delete("month") : now.set("month", picked);
                return now;
              },
              { replace: true },
            )
          }
        />
      )}
      columns={[
        {
          key: "account_no",
          title: w.number,
          sort: "account_no",
          render: (row) => <AccountLink no={row.account_no} tab="legal" />,
        },
        { key: "bill_no", title: w.bill, align: "right" },
        {
          key: "open",
          title: w.open,
          sort: "open",
          align: "right",
          render: (row) => <Money value={row.open} />,
        },
        { key: "due_on", title: w.due, sort: "due_on", render: (row) => <Day value={row.due_on} /> },
        { key: "runs_from", title: w.runsFrom, render: (row) => <Day value={row.runs_from} /> },
        {
          key: "expires_on",
          title: w.expires,
          sort: "expires_on",
          render: (row) => <Day value={row.expires_on} />,
        },
        {
          key: "days_left",
          title: w.left,
          sort: "days_left",
          render: (row) => <DaysLeft days={row.days_left} />,
        },
        {
          key: "alert",
          title: w.alert,
          render: (row) => typeof row.alert === "number" && w.alertDays(row.alert),
        },
        {
          key: "long_stop_on",
          title: w.longStop,
          sort: "long_stop_on",
          hidden: true,
          render: (row) => <Day value={row.long_stop_on} />,
        },
      ]}
    />
  );
}

interface Picks {
  within: string | undefined;
  pickAlert: (days: string) => void;
  pickMonth: (month: string) => void;
}

function Sums({ within, pickAlert, pickMonth }: Picks) {
  const w = useWords(words);
  const { token } = theme.useToken();
  const sums = useGet("/limitations/calendar", {});
  const told = sums.data;
  if (!told) {
    return <ProblemNote problem={sums.problem} again={sums.again} />;
  }
  return (
    <>
      <Row gutter={[8, 8]} style={{ marginBottom: 12 }}>
        {told.alerts.map((sum) => (
          <Col key={sum.of} xs={12} md={8} xl={4} flex="auto">
            <button
              type="button"
              data-alert={sum.of}
              aria-pressed={within === sum.of}
              onClick={() => pickAlert(sum.of)}
              style={{
                width: "100%",
                textAlign: "start",
                cursor: "pointer",
                padding: 12,
                borderRadius: token.borderRadius,
                border: `1px solid ${within === sum.of ? token.colorPrimary : token.colorBorderSecondary}`,
                background: token.colorBgContainer,
                color: token.colorText,
                font: "inherit",
              }}
            >
              <Statistic
                title={sum.of === "0" ? w.ended : w.within(sum.of)}
                value={grouped(sum.open)}
                formatter={String}
                suffix={<small>{w.yuan}</small>}
              />
              {w.debts(sum.debts)}
            </button>
          </Col>
        ))}
      </Row>
      {told.months.length > 0 && (
        <Card size="small" title={w.byMonth} style={{ marginBottom: 12 }}>
          <Chart
            label={w.byMonth}
            height={200}
            onPick={({ name }) => pickMonth(name)}
            option={{
              tooltip: { trigger: "axis" },
              grid: { left: 60, right: 20, top: 20, bottom: 30 },
              xAxis: { type: "category", data: told.months.map((sum) => sum.of) },
              yAxis: { type: "value" },
              series: [{ type: "bar", name: w.open, data: told.months.map((sum) => toPlot(sum.open)) }],
            }}
          />
        </Card>
      )}
    </>
  );
}
