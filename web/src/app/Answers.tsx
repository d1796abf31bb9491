// Pages for when there is no page: not found, no right, broken, server away.

import { Button, Result } from "antd";
import { Link, useRouteError } from "react-router";
import type { Permission } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { useNames, useSay, useWords } from "@/words";
import { words } from "./words";

function Home() {
  const w = useWords(words);
  return (
    <Link to="/home">
      <Button type="primary">{w.home}</Button>
    </Link>
  );
}

/** There is no such page. */
export function NotFound() {
  const w = useWords(words);
  return <Result status="404" title={w.notFound} subTitle={w.notFoundWhy} extra={<Home />} />;
}

/** The right for a page is missing. */
export function NoRight({ needed }: { needed: Permission | Permission[] | undefined }) {
  const w = useWords(words);
  const name = useNames();
  const all = needed === undefined ? [] : Array.isArray(needed) ? needed : [needed];
  const rights = all.map((permission) => name("permission", permission)).join(" / ");
  return <Result status="403" title={w.noRight} subTitle={w.noRightWhy(rights)} extra={<Home />} />;
}

/** A page threw. */
export function Broken() {
  const w = useWords(words);
  const thrown = useRouteError();
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (
    <Result
      status="500"
      title={w.broken}
      subTitle={text}
      extra={
        <Button type="primary" onClick={() => location.reload()}>
          {w.reload}
        </Button>
      }
    />
  );
}

/** The server does not answer. */
export function Unreachable({ problem, again }: { problem: ApiProblem; again: () => Promise<void> }) {
  const w = useWords(words);
  const say = useSay();
  return (
    <Result
      status="500"
      title={w.unreachable}
      subTitle={say(problem.detail)}
      extra={
        <Button type="primary" onClick={again}>
          {w.reload}
        </Button>
      }
    />
  );
}
