// 用电知识: what the company has let out to be read, found by words.

import { useQuery } from "@tanstack/react-query";
import { Card, Empty, Flex, Input, Spin, Typography } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { asProblem, type Schema } from "@/api";
import { ProblemNote } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { ask, useCustomer } from "./api";
import { words } from "./words";

interface Listed {
  items: Schema<"ArticleLine">[];
}

/** Something that is the same for every account. */
function useShared<T>(path: string) {
  const { ended } = useCustomer();
  const query = useQuery<T>({
    queryKey: ["customer", "shared", path],
    queryFn: async () => {
      try {
        return await ask<T>("GET", path);
      } catch (thrown) {
        if (asProblem(thrown).code === "login.not_signed_in") {
          ended();
        }
        throw thrown;
      }
    },
  });
  return { data: query.data, problem: query.error ? asProblem(query.error) : undefined };
}

/** The list, with a field for what somebody looks for. */
export function Articles() {
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const [q, look] = useState("");
  const { data, problem } = useShared<Listed>(`/articles?limit=100&q=${encodeURIComponent(q)}`);
  return (
    <Flex vertical gap={12}>
      <Input.Search
        size="large"
        allowClear
        maxLength={100}
        aria-label={w.searchArticles}
        placeholder={w.searchArticles}
        onSearch={(text) => look(text.trim())}
      />
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <Spin aria-label={w.loading} />}
      {data?.items.length === 0 && <Empty description={w.noArticles} />}
      {data?.items.map((article) => (
        <Link key={article.code} to={`/my/articles/${article.code}`}>
          <Card size="small" hoverable>
            <Typography.Text strong>{say(article.title)}</Typography.Text>
            <div>
              <Typography.Text type="secondary">{name("articleTopic", article.topic)}</Typography.Text>
            </div>
          </Card>
        </Link>
      ))}
    </Flex>
  );
}

/** One article. */
export function Article({ code }: { code: string }) {
  const w = useWords(words);
  const say = useSay();
  const { data, problem } = useShared<Schema<"ArticleText">>(`/articles/${encodeURIComponent(code)}`);
  if (problem) {
    return <ProblemNote problem={problem} />;
  }
  if (!data) {
    return <Spin aria-label={w.loading} />;
  }
  return (
    <article>
      <Link to="/my/articles">{w.allArticles}</Link>
      <Typography.Title level={2} style={{ fontSize: 18 }}>
        {say(data.title)}
      </Typography.Title>
      {say(data.body)
        .split("\n")
        .map((paragraph) => (
          <Typography.Paragraph key={paragraph}>{paragraph}</Typography.Paragraph>
        ))}
      <Typography.Text type="secondary">{data.published_on}</Typography.Text>
    </article>
  );
}
