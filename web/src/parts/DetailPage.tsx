// The head of a page, and pages about one thing: facts first, then parts.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { Button, Card, Descriptions, Flex, Skeleton, Typography } from "antd";
import { isValidElement, type ReactNode } from "react";
import { useNavigate } from "react-router";
import type { ApiProblem } from "@/api/problem";
import { useWords } from "@/words";
import { ProblemNote } from "./ProblemNote";
import { words } from "./words";

/** Title, tags and actions of a page. */
export function PageHead(props: {
  title: ReactNode;
  note?: ReactNode;
  tags?: ReactNode;
  actions?: ReactNode;
  /** Shows a button that goes back. */
  back?: boolean | string;
}) {
  const { title, note, tags, actions, back } = props;
  const w = useWords(words);
  const navigate = useNavigate();
  return (
    <Flex gap={8} wrap justify="space-between" align="center" style={{ marginBottom: 16 }}>
      <Flex gap={8} align="center" wrap style={{ minWidth: 0 }}>
        <Flex gap={8} align="start" style={{ minWidth: 0 }}>
          {back && (
            <Button
              type="text"
              icon={<ArrowLeftOutlined />}
              aria-label={w.back}
              onClick={() => (typeof back === "string" ? navigate(back) : navigate(-1))}
            />
          )}
          <Typography.Title level={1} style={{ fontSize: 20, margin: 0, lineHeight: "32px" }}>
            {title}
          </Typography.Title>
        </Flex>
        {tags}
        {note && <Typography.Text type="secondary">{note}</Typography.Text>}
      </Flex>
      {actions && (
        <Flex gap={8} wrap>
          {actions}
        </Flex>
      )}
    </Flex>
  );
}

/** A fact with its label; what is null or undefined is left out, and so is a `Day` or `Money` of nothing. */
export type Fact = [label: string, value: ReactNode];

function isNothing(value: ReactNode): boolean {
  if (isValidElement<{ value?: unknown }>(value) && "value" in value.props) {
    return (value.props.value ?? "") === "";
  }
  return (value ?? "") === "";
}

/** Facts side by side, one below the other on a phone. */
export function Facts({ facts, columns = 3 }: { facts: Fact[]; columns?: number }) {
  const shown = facts.filter(([, value]) => !isNothing(value));
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 1, md: 2, lg: columns }}
      items={shown.map(([label, value]) => ({ key: label, label, children: value }))}
    />
  );
}

/** A page about one thing. */
export function DetailPage(props: {
  title: ReactNode;
  note?: ReactNode;
  tags?: ReactNode;
  actions?: ReactNode;
  back?: boolean | string;
  facts?: Fact[];
  loading?: boolean;
  problem?: ApiProblem | undefined;
  again?: () => unknown;
  children?: ReactNode;
}) {
  const { facts, loading = false, problem, again, children, ...head } = props;
  return (
    <>
      <PageHead {...head} />
      <ProblemNote problem={problem} {...(again ? { again } : {})} />
      {loading ? (
        <Card>
          <Skeleton active />
        </Card>
      ) : (
        !problem && (
          <Flex vertical gap={16}>
            {facts && (
              <Card size="small">
                <Facts facts={facts} />
              </Card>
            )}
            {children}
          </Flex>
        )
      )}
    </>
  );
}
