// One rule: its basis, its parameters, and the versions before and after it with what each changed.

import { Card, Flex, Tag, Timeline, Typography } from "antd";
import { useParams } from "react-router";
import { useGet } from "@/api";
import { Day, DetailPage } from "@/parts";
import { useSay, useWords } from "@/words";
import { Confidence, Fields, RuleLink } from "./parts";
import { words } from "./words";

/** The rule. */
export default function Rule() {
  const w = useWords(words);
  const say = useSay();
  const { ruleId = "" } = useParams();
  const asked = useGet("/rules/{rule_id}", { path: { rule_id: ruleId } });
  const shown = asked.data;
  const rule = shown?.rule;
  const bounds = [shown?.contract_min, shown?.contract_max].map((bound) => bound ?? "…").join(" – ");
  return (
    <DetailPage
      title={ruleId}
      back="/rulebook/rules"
      loading={asked.loading && !shown}
      problem={asked.problem}
      again={asked.again}
      tags={
        rule && (
          <>
            {rule.is_in_force ? <Tag color="green">{w.inForce}</Tag> : <Tag>{w.notInForce}</Tag>}
            <Confidence letter={rule.confidence} />
          </>
        )
      }
      facts={
        shown && rule
          ? [
              [w.topic, rule.topic],
              [w.layer, `${say({ zh: rule.layer_name, en: rule.layer })} (${rule.jurisdiction})`],
              [w.from, <Day key="f" value={rule.from} />],
              [w.until, rule.until ? <Day key="u" value={rule.until} /> : "…"],
              [w.clause, shown.clause],
              [w.confidence, say({ zh: shown.confidence_means[0], en: shown.confidence_means[1] })],
              [w.override, rule.may_override ? `${w.may} ${bounds}` : w.mayNot],
              [
                w.when,
                Object.entries(shown.when)
                  .map(([key, values]) => `${key} = ${values.join(" | ")}`)
                  .join("; ") || w.everybody,
              ],
              [w.file, shown.file],
              [w.note, shown.note],
            ]
          : []
      }
    >
      {shown && (
        <Flex vertical gap={16}>
          <Card size="small" title={w.params}>
            <pre style={{ margin: 0, whiteSpace: "pre-wrap", wordBreak: "break-word" }}>
              {shown.params_text}
            </pre>
          </Card>
          <Card size="small" title={w.versions}>
            <Timeline
              items={shown.versions.map((version, at) => ({
                key: version.id,
                color: version.id === ruleId ? "blue" : "gray",
                content: (
                  <Flex vertical gap={8}>
                    <Flex gap={8} wrap>
                      <RuleLink id={version.id} />
                      <span>
                        <Day value={version.from} /> – {version.until ? <Day value={version.until} /> : "…"}
                      </span>
                      <Typography.Text type="secondary">{version.clause}</Typography.Text>
                    </Flex>
                    {at === 0 ? (
                      <Typography.Text type="secondary">{w.first}</Typography.Text>
                    ) : (
                      <Fields fields={version.changes} />
                    )}
                  </Flex>
                ),
              }))}
            />
          </Card>
        </Flex>
      )}
    </DetailPage>
  );
}
