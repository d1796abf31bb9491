// Why a number is what it is: the steps in order, each with the rule and the clause it stands on.

import { Empty, Flex, Popover, Tag, Typography } from "antd";
import type { Schema } from "@/api";
import { useSay, useWords } from "@/words";
import { words } from "./words";

type Rule = Schema<"Rule">;

/** The id of a rule; its clause on hover and focus. */
export function RuleTag({ id, rule }: { id: string; rule?: Rule | undefined }) {
  const w = useWords(words);
  const tag = (
    <Tag tabIndex={rule ? 0 : undefined} style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
      {id}
    </Tag>
  );
  if (!rule) {
    return tag;
  }
  return (
    <Popover
      trigger={["hover", "focus"]}
      title={w.clause}
      content={
        <div style={{ maxWidth: 360 }}>
          {rule.clause}
          <div>
            <Typography.Text type="secondary">
              {w.confidence} {rule.confidence}
            </Typography.Text>
          </div>
        </div>
      }
    >
      {tag}
    </Popover>
  );
}

/** The steps of a calculation or a decision. `rules` tells the clauses of the ids. */
export function Derivation({ steps, rules = [] }: { steps: Schema<"Step">[]; rules?: Rule[] }) {
  const w = useWords(words);
  const say = useSay();
  if (steps.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.noSteps} />;
  }
  return (
    <ol style={{ margin: 0, paddingInlineStart: 24 }}>
      {steps.map((step, index) => (
        // Steps have no key of their own and never move.
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
        <li key={index} style={{ paddingBlock: 4 }}>
          <Flex gap={8} wrap align="baseline" justify="space-between">
            <span>{say(step.text)}</span>
            {step.rule && <RuleTag id={step.rule} rule={rules.find((rule) => rule.id === step.rule)} />}
          </Flex>
        </li>
      ))}
    </ol>
  );
}
