// Ctrl+K: a customer by number, name, telephone, address or meter, or a screen by its name. Made for the keyboard.

import { SearchOutlined } from "@ant-design/icons";
import { Flex, Input, Modal, Spin, Tag, Typography, theme } from "antd";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useGet } from "@/api";
import { ProblemNote } from "@/parts/ProblemNote";
import { useNames, useSay, useWords } from "@/words";
import { useMenuPages } from "./Shell";
import { useMay } from "./session";
import { words } from "./words";

interface Hit {
  key: string;
  path: string;
  head: string;
  rest: string;
  tag: string;
}

/** What was typed, once the typing has paused. */
export function usePaused(text: string, milliseconds = 200): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return paused;
}

function useHits(text: string) {
  const may = useMay();
  const say = useSay();
  const name = useNames();
  const w = useWords(words);
  const asked = usePaused(text.trim());
  const enabled = asked.length >= 2 && may("see_accounts");
  const found = useGet("/accounts", { query: { q: asked, limit: 10 } }, { enabled, keep: true });
  const menu = useMenuPages();
  const low = text.trim().toLowerCase();
  const screens: Hit[] =
    low === ""
      ? []
      : menu
          .flatMap((entry) => entry.pages)
          .filter((page) => `${page.title.zh} ${page.title.en}`.toLowerCase().includes(low))
          .slice(0, 5)
          .map((page) => ({
            key: page.path,
            path: page.path,
            head: say(page.title),
            rest: "",
            tag: w.screens,
          }));
  const customers: Hit[] = (enabled ? (found.data?.items ?? []) : []).map((account) => ({
    key: account.account_no,
    path: `/accounts/${account.account_no}`,
    head: account.account_no,
    rest: `${account.customer} · ${account.address}`,
    tag: name("found", account.by),
  }));
  const settled = !found.loading && asked === text.trim();
  return { hits: [...customers, ...screens], loading: found.loading, problem: found.problem, settled };
}

/** The search over everything. */
export function SearchBox({ open, close }: { open: boolean; close: () => void }) {
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      destroyOnHidden
      width={620}
      style={{ top: 64 }}
    >
      <Searching close={close} />
    </Modal>
  );
}

function Searching({ close }: { close: () => void }) {
  const w = useWords(words);
  const { token } = theme.useToken();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { hits, loading, problem, settled } = useHits(text);
  const chosen = hits[Math.min(at, hits.length - 1)];
  const go = (hit: Hit | undefined) => {
    if (hit) {
      close();
      navigate(hit.path);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) =>
        hits.length === 0 ? 0 : (Math.min(now, hits.length - 1) + step + hits.length) % hits.length,
      );
    } else if (event.key === "Enter" && settled) {
      go(chosen);
    }
  };
  return (
    <>
      <Input
        autoFocus
        size="large"
        prefix={<SearchOutlined />}
        suffix={loading ? <Spin size="small" /> : <span />}
        placeholder={w.searchHint}
        aria-label={w.search}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="search-hits"
        aria-activedescendant={chosen ? `hit-${chosen.key}` : undefined}
        maxLength={100}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <ProblemNote problem={problem} />
      <div id="search-hits" role="listbox" aria-label={w.searchResults} style={{ marginTop: 8 }}>
        {hits.map((hit, index) => (
          <div
            key={hit.key}
            id={`hit-${hit.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={hit === chosen}
            onClick={() => go(hit)}
            onKeyDown={(event) => event.key === "Enter" && go(hit)}
            onMouseMove={() => setAt(index)}
            style={{
              padding: "8px 12px",
              cursor: "pointer",
              borderRadius: token.borderRadius,
              background: hit === chosen ? token.controlItemBgActive : undefined,
            }}
          >
            <Flex gap={8} align="center" wrap>
              <strong className="dh-num">{hit.head}</strong>
              <Typography.Text type="secondary" ellipsis style={{ flex: 1 }}>
                {hit.rest}
              </Typography.Text>
              <Tag>{hit.tag}</Tag>
            </Flex>
          </div>
        ))}
      </div>
      <Flex justify="space-between" style={{ marginTop: 8 }}>
        <Typography.Text type="secondary" role="status">
          {text.trim().length >= 2 && settled && hits.length === 0 && !problem ? w.nothingFound : ""}
        </Typography.Text>
        <Typography.Text type="secondary">{w.searchKeys}</Typography.Text>
      </Flex>
    </>
  );
}
