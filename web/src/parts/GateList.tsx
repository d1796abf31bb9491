// Preconditions of an act: each with its clause, whether it holds, and what would help where it does not.

import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { Flex, Tag, Typography, theme } from "antd";
import { type Text, useSay, useWords } from "@/words";
import { RuleTag } from "./Derivation";
import { words } from "./words";

/** One precondition. */
export interface Gate {
  /** Stable code, such as `cut.overdue_30`. */
  code: string;
  passed: boolean;
  /** What it says of this case. */
  text: Text;
  /** Id or clause of the rule behind it. */
  clause?: string | null | undefined;
  /** What would unblock it. */
  unblock?: Text | null | undefined;
}

/** The gates in order, failed ones told with what helps. */
export function GateList({ gates }: { gates: Gate[] }) {
  const w = useWords(words);
  const say = useSay();
  const { token } = theme.useToken();
  return (
    <ul aria-label={w.gates} style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {gates.map((gate) => (
        <li
          key={gate.code}
          data-gate={gate.code}
          data-passed={gate.passed}
          style={{ paddingBlock: 8, borderBottom: `1px solid ${token.colorBorderSecondary}` }}
        >
          <Flex gap={10} align="start">
            {gate.passed ? (
              <CheckCircleFilled aria-label={w.passed} style={{ color: token.colorSuccess, marginTop: 4 }} />
            ) : (
              <CloseCircleFilled aria-label={w.failed} style={{ color: token.colorError, marginTop: 4 }} />
            )}
            <div style={{ flex: 1, minWidth: 0 }}>
              <Flex gap={8} wrap justify="space-between">
                <span>{say(gate.text)}</span>
                {gate.clause && <RuleTag id={gate.clause} />}
              </Flex>
              {!gate.passed && gate.unblock && (
                <Typography.Text type="secondary">
                  <Tag color="orange">{w.unblock}</Tag>
                  {say(gate.unblock)}
                </Typography.Text>
              )}
            </div>
          </Flex>
        </li>
      ))}
    </ul>
  );
}
