// What the customer was told.

import { Card, Empty, Flex, Spin, Typography } from "antd";
import type { Schema } from "@/api";
import { ProblemNote } from "@/parts";
import { useNames, useWords } from "@/words";
import { useOwn } from "./api";
import { words } from "./words";

interface Listed {
  items: Schema<"CustomerNotice">[];
}

/** The notices with their texts. */
export function Notices() {
  const w = useWords(words);
  const name = useNames();
  const { data, loading, problem } = useOwn<Listed>("/notices?limit=50");
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (loading || !data) {
    return <Spin aria-label={w.loading} />;
  }
  if (data.items.length === 0) {
    return <Empty description={w.noNotices} />;
  }
  return (
    <Flex vertical gap={12}>
      {data.items.map((notice) => (
        <Card
          key={notice.notice_no}
          size="small"
          title={name("noticeKind", notice.kind)}
          extra={<span className="dh-num">{notice.decided_on}</span>}
        >
          <Typography.Paragraph
            style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 }}
            ellipsis={{ rows: 6, expandable: true }}
          >
            {notice.text ?? w.noText}
          </Typography.Paragraph>
          {notice.served_at && (
            <Typography.Text type="secondary">
              {w.served(notice.served_at.replace("T", " ").slice(0, 16))}
            </Typography.Text>
          )}
        </Card>
      ))}
    </Flex>
  );
}
