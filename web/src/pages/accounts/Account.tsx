// 客户全景: one customer on one page. What matters stands above; everything else is a tab, of this column or of others.

import { EllipsisOutlined, EyeOutlined } from "@ant-design/icons";
import { Alert, App, Button, Card, Flex, Statistic, Tabs, Tag, Tooltip, Typography, theme } from "antd";
import { Suspense, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { type Schema, useGet } from "@/api";
import { accountTabs } from "@/app/pages";
import { Waiting } from "@/app/router";
import { useMay } from "@/app/session";
import { Day, DetailPage, grouped, isZero } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

type Overview = Schema<"Overview">;

/** The page. */
export default function Account() {
  const { accountNo = "", tab } = useParams();
  return <Inside key={accountNo} accountNo={accountNo} tab={tab} />;
}

function Inside({ accountNo, tab }: { accountNo: string; tab: string | undefined }) {
  const w = useWords(words);
  const may = useMay();
  const name = useNames();
  const { message } = App.useApp();
  const [personal, setPersonal] = useState(false);
  const shown = useGet(
    "/accounts/{account_no}",
    { path: { account_no: accountNo }, query: personal ? { personal } : {} },
    { keep: true },
  );
  const overview = shown.data;
  const terms = overview?.terms?.terms;
  return (
    <DetailPage
      title={overview ? `${overview.account.customer}` : accountNo}
      note={overview && `${accountNo} · ${overview.account.address}`}
      loading={!overview && shown.loading}
      problem={shown.problem}
      again={shown.again}
      tags={
        overview && (
          <>
            {terms && <Tag>{name("category", terms.category)}</Tag>}
            {terms && <Tag>{name("voltage", terms.voltage)}</Tag>}
            {overview.account.importance !== "ordinary" && (
              <Tag color="gold">{name("importance", overview.account.importance)}</Tag>
            )}
            {overview.account.protection && (
              <Tag color="purple">{name("protection", overview.account.protection)}</Tag>
            )}
          </>
        )
      }
      actions={
        may("see_personal") && (
          <Button
            icon={<EyeOutlined />}
            disabled={personal}
            onClick={() => {
              setPersonal(true);
              message.info(w.shownInFull);
            }}
          >
            {w.showInFull}
          </Button>
        )
      }
    >
      {overview && <Head overview={overview} accountNo={accountNo} />}
      <Details accountNo={accountNo} tab={tab} />
    </DetailPage>
  );
}

function Head({ overview, accountNo }: { overview: Overview; accountNo: string }) {
  const w = useWords(words);
  const say = useSay();
  const { token } = theme.useToken();
  const { balance, alerts, next } = overview;
  const cut = alerts.find((alert) => alert.code === "cut");
  const has = (key: string) => accountTabs.some((tab) => tab.key === key);
  const red = { styles: { content: { color: token.colorError } } };
  const yuan = <small>{w.yuan}</small>;
  const rest = alerts.filter((alert) => alert.code !== "task");
  return (
    <>
      <div className="dh-boxes">
        <Box tab="debts" accountNo={accountNo}>
          <Statistic title={w.toPay} value={grouped(balance.to_pay)} formatter={String} suffix={yuan} />
        </Box>
        <Box tab="debts" accountNo={accountNo}>
          <Statistic
            title={
              isZero(balance.overdue) ? w.overdue : `${w.overdue} · ${w.overdueDays(balance.days_overdue)}`
            }
            value={grouped(balance.overdue)}
            formatter={String}
            suffix={yuan}
            {...(isZero(balance.overdue) ? {} : red)}
          />
        </Box>
        <Box tab="payments" accountNo={accountNo}>
          <Statistic title={w.prepaid} value={grouped(balance.prepaid)} formatter={String} suffix={yuan} />
        </Box>
        <Box tab={has("cuts") ? "cuts" : "ladder"} accountNo={accountNo}>
          <Fact title={w.supply} testId="supply" danger={cut?.level === "danger"}>
            {cut ? say(cut.text) : w.supplied}
          </Fact>
          {!cut && <Typography.Text type="secondary">{w.noCut}</Typography.Text>}
        </Box>
        <Box tab="timeline" accountNo={accountNo} wide>
          <Fact title={w.next}>{next ? say(next) : w.nothingNext}</Fact>
          {next && (
            <Typography.Text type="secondary">
              <Day value={next.on} />
            </Typography.Text>
          )}
        </Box>
      </div>
      {(rest.length > 0 || overview.open_tasks > 0) && (
        <section aria-label={w.alerts}>
          <Flex gap={8} wrap>
            {rest.map((alert) => (
              <Link key={alert.code + alert.text.zh} to={`/accounts/${accountNo}/${linkOf(alert.link, has)}`}>
                <Alert
                  banner={false}
                  showIcon
                  title={say(alert.text)}
                  type={levelOf(alert.level)}
                  style={{ paddingBlock: 4 }}
                />
              </Link>
            ))}
            {overview.open_tasks > 0 && (
              <Tooltip
                title={alerts
                  .filter((alert) => alert.code === "task")
                  .map((alert) => say(alert.text))
                  .join("\n")}
              >
                <Tag tabIndex={0} style={{ paddingBlock: 4 }}>
                  {w.openTasks(overview.open_tasks)}
                </Tag>
              </Tooltip>
            )}
          </Flex>
        </section>
      )}
    </>
  );
}

function levelOf(level: string): "info" | "warning" | "error" {
  return level === "danger" ? "error" : level === "warning" ? "warning" : "info";
}

/** The tab an alert leads to; the timeline where there is none. */
function linkOf(link: string, has: (key: string) => boolean): string {
  return has(link) ? link : "timeline";
}

function Fact(props: { title: string; testId?: string; danger?: boolean; children: React.ReactNode }) {
  const { title, testId, danger = false, children } = props;
  return (
    <>
      <Typography.Text type="secondary">{title}</Typography.Text>
      <div data-testid={testId}>
        <Typography.Text strong {...(danger ? { type: "danger" } : {})}>
          {children}
        </Typography.Text>
      </div>
    </>
  );
}

function Box(props: { tab: string; accountNo: string; wide?: boolean; children: React.ReactNode }) {
  const { tab, accountNo, wide = false, children } = props;
  return (
    <Link to={`/accounts/${accountNo}/${tab}`} style={wide ? { gridColumn: "span 2" } : {}}>
      <Card size="small" hoverable style={{ height: "100%" }}>
        {children}
      </Card>
    </Link>
  );
}

function Details({ accountNo, tab }: { accountNo: string; tab: string | undefined }) {
  const w = useWords(words);
  const say = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const tabs = accountTabs.filter((one) => may(one.permission));
  const active = tabs.some((one) => one.key === tab) ? tab : tabs[0]?.key;
  return (
    <Card size="small">
      <Tabs
        activeKey={active ?? ""}
        onChange={(key) =>
          navigate(`/accounts/${accountNo}/${key}`, { replace: true, preventScrollReset: true })
        }
        destroyOnHidden
        more={{ icon: <EllipsisOutlined aria-label={w.more} /> }}
        items={tabs.map((one) => ({
          key: one.key,
          label: say(one.label),
          children: (
            <Suspense fallback={<Waiting />}>
              <one.component accountNo={accountNo} />
            </Suspense>
          ),
        }))}
      />
    </Card>
  );
}
