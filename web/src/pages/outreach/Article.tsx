// One article with its versions, and what may be done with it.

import { Card, Collapse, Flex, Typography } from "antd";
import { useState } from "react";
import { useParams } from "react-router";
import { type Operation, type Schema, useGet, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { ActionButton, Day, DetailPage, EditDrawer, StateTag } from "@/parts";
import { useNames, useSay, useWords } from "@/words";
import { TextFields } from "./Articles";
import { words } from "./words";

type Shown = Schema<"ArticleShown">;
type Deed = Schema<"ArticleDeed">;
type Body = WriteArgs<Operation<"/articles/{article}/versions", "post">>["body"];

const DEEDS: Deed[] = ["publish", "confirm", "withdraw"];

/** The page. */
export default function Article() {
  const { article: code = "" } = useParams();
  const path = { article: code };
  const w = useWords(words);
  const name = useNames();
  const say = useSay();
  const [writing, setWriting] = useState(false);
  const asked = useGet("/articles/{article}", { path });
  const act = useSend("post", "/articles/{article}/deeds");
  const write = useSend("post", "/articles/{article}/versions");
  const shown = asked.data;
  const newest = shown?.versions[0];
  return (
    <DetailPage
      back="/outreach/articles"
      title={shown ? say(shown.title) : w.article}
      tags={shown && <StateTag family="articleState" word={shown.state} />}
      loading={!shown && asked.loading}
      problem={asked.problem}
      again={asked.again}
      facts={
        shown
          ? [
              [w.topic, name("articleTopic", shown.topic)],
              [w.audience, name("audience", shown.audience)],
              [w.version, `${shown.published} / ${shown.version}`],
              [w.reviewOn, <Day key="r" value={shown.review_on} />],
              [w.reviewedBy, shown.reviewed_by ? `${shown.reviewed_by} ${shown.reviewed_on}` : null],
              [w.code, shown.code],
            ]
          : []
      }
    >
      {shown && (
        <Flex vertical gap={12}>
          <Flex gap={8} wrap>
            {DEEDS.map((deed) => (
              <ActionButton
                key={deed}
                permission="keep_articles"
                blocked={shown.next.includes(deed) ? undefined : w.notNow}
                primary={deed === "publish"}
                danger={deed === "withdraw"}
                confirm={{ content: say(shown.title) }}
                run={() => act.run({ path, body: { deed } })}
              >
                {name("articleDeed", deed)}
              </ActionButton>
            ))}
            <ActionButton permission="keep_articles" done={false} run={async () => setWriting(true)}>
              {w.writeAgain}
            </ActionButton>
          </Flex>
          <Versions shown={shown} />
          {newest && (
            <EditDrawer<Body>
              open={writing}
              close={() => setWriting(false)}
              title={w.writeAgain}
              submitText={w.writeAgain}
              submit={(body) => write.run({ path, body })}
              width={640}
              initial={{
                topic: shown.topic,
                audience: shown.audience,
                title: newest.title.zh,
                title_en: newest.title.en,
                body: newest.body.zh,
                body_en: newest.body.en,
              }}
            >
              <TextFields />
            </EditDrawer>
          )}
        </Flex>
      )}
    </DetailPage>
  );
}

function Versions({ shown }: { shown: Shown }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <Card size="small" title={w.versions}>
      <Collapse
        size="small"
        defaultActiveKey={[String(shown.published || shown.version)]}
        items={shown.versions.map((version) => ({
          key: String(version.version),
          label: `${w.version} ${version.version} · ${w.writtenBy} ${version.written_by} ${version.written_on}${
            version.published_by ? ` · ${w.publishedBy} ${version.published_by} ${version.published_on}` : ""
          }`,
          children: (
            <>
              <Typography.Title level={2} style={{ fontSize: 16 }}>
                {say(version.title)}
              </Typography.Title>
              <Typography.Paragraph style={{ whiteSpace: "pre-wrap", maxWidth: 720 }}>
                {say(version.body)}
              </Typography.Paragraph>
            </>
          ),
        }))}
      />
    </Card>
  );
}
