// One campaign: whom it is for, who let it out, and what it came to beside those who were left out.

import { Card, Flex, Typography } from "antd";
import { Link, useParams } from "react-router";
import { type Schema, useGet, useSend } from "@/api";
import { AccountLink, ActionButton, Day, DetailPage, Facts, ListPage, StateTag, useUnitNames } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

type Shown = Schema<"CampaignShown">;

/** The page. */
export default function Campaign() {
  const { campaignNo: no = "" } = useParams();
  const path = { campaign_no: Number(no) };
  const w = useWords(words);
  const name = useNames();
  const unit = useUnitNames();
  const asked = useGet("/campaigns/{campaign_no}", { path });
  const decide = useSend("post", "/campaigns/{campaign_no}/decision");
  const shown = asked.data;
  const blocked = shown?.may_decide ? undefined : w.onePerson;
  return (
    <DetailPage
      back="/outreach/campaigns"
      title={shown ? `${w.campaign} ${no} ${shown.title}` : `${w.campaign} ${no}`}
      tags={shown && <StateTag family="campaignState" word={shown.state} />}
      loading={!shown && asked.loading}
      problem={asked.problem}
      again={asked.again}
      facts={
        shown
          ? [
              [w.segment, segmentText(shown, name, unit)],
              [w.accounts, shown.segment_size],
              [w.answer, name("campaignAnswer", shown.answer)],
              [w.days, shown.respond_days],
              [w.heldOut, shown.held_out_percent],
              [w.seed, shown.seed],
              [w.madeBy, `${shown.made_by} ${shown.made_on}`],
              [w.decidedBy, shown.decided_by ? `${shown.decided_by} ${shown.decided_on}` : null],
              [w.closesOn, <Day key="c" value={shown.closes_on} />],
              [
                w.article,
                shown.article ? (
                  <Link key="a" to={`/outreach/articles/${shown.article}`}>
                    {shown.article}
                  </Link>
                ) : null,
              ],
            ]
          : []
      }
    >
      {shown && (
        <Flex vertical gap={12}>
          <Card size="small" title={w.said}>
            <Typography.Paragraph style={{ whiteSpace: "pre-wrap", margin: 0 }}>
              {shown.said}
            </Typography.Paragraph>
          </Card>
          {shown.state === "draft" && (
            <Flex gap={8}>
              <ActionButton
                primary
                permission="run_campaigns"
                blocked={blocked}
                confirm={{ count: shown.segment_size ?? 0, content: shown.said }}
                run={() => decide.run({ path, body: { approve: true } })}
              >
                {w.approve}
              </ActionButton>
              <ActionButton
                danger
                permission="run_campaigns"
                blocked={blocked}
                confirm={{ content: shown.title }}
                run={() => decide.run({ path, body: { approve: false } })}
              >
                {w.drop}
              </ActionButton>
            </Flex>
          )}
          {shown.effect && <Effect effect={shown.effect} />}
          {shown.effect && (
            <Card size="small" title={w.members}>
              <Members no={Number(no)} />
            </Card>
          )}
        </Flex>
      )}
    </DetailPage>
  );
}

function segmentText(
  shown: Shown,
  name: ReturnType<typeof useNames>,
  unitName: ReturnType<typeof useUnitNames>,
): string {
  const { category, arrears, unit, kwh_from, kwh_until } = shown.segment;
  const parts = [
    category && name("category", category),
    arrears && name("arrearsState", arrears),
    unit && unitName(unit),
    kwh_from && `≥ ${kwh_from} kWh`,
    kwh_until && `≤ ${kwh_until} kWh`,
  ];
  return parts.filter(Boolean).join(" · ") || "–";
}

/** A ratio as percent with one place. */
function percent(ratio: string | number | null | undefined): string | null {
  return ratio === null || ratio === undefined ? null : `${(Number(ratio) * 100).toFixed(1)} %`;
}

function Effect({ effect }: { effect: NonNullable<Shown["effect"]> }) {
  const w = useWords(words);
  return (
    <Card
      size="small"
      title={w.effect}
      extra={<Typography.Text type="secondary">{w.opened}</Typography.Text>}
    >
      <Facts
        facts={[
          [w.accounts, effect.accounts],
          [w.told, effect.told],
          [w.notTold, effect.not_told],
          [w.delivered, effect.delivered],
          [w.failed, effect.failed],
          [w.left, effect.held_out],
          [w.answers, `${effect.answers} / ${effect.answers_held_out}`],
          [w.rate, percent(effect.rate)],
          [w.rateHeldOut, percent(effect.rate_held_out)],
          [w.lift, percent(effect.lift)],
        ]}
      />
    </Card>
  );
}

function Members({ no }: { no: number }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <ListPage
      path="/campaigns/{campaign_no}/members"
      args={{ path: { campaign_no: no } }}
      name="campaign-members"
      rowKey={(row) => row.account_no}
      columns={[
        { key: "account_no", title: w.account, render: (row) => <AccountLink no={row.account_no} /> },
        { key: "held_out", title: w.left, render: (row) => (row.held_out ? w.yes : "") },
        { key: "notice_no", title: w.message, align: "right" },
        {
          key: "state",
          title: w.state,
          render: (row) => <StateTag family="noticeState" word={row.state} />,
        },
        {
          key: "skipped",
          title: w.skipped,
          render: (row) => row.skipped && name("campaignSkipped", row.skipped),
        },
      ]}
    />
  );
}
