// 客户自助 on a phone: sign-in, and the frame around six plain pages.

import {
  BarChartOutlined,
  BellOutlined,
  CustomerServiceOutlined,
  FileTextOutlined,
  HomeOutlined,
  ReadOutlined,
} from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Flex, Select, Spin, Typography } from "antd";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { asProblem } from "@/api";
import { Choices } from "@/app/Choices";
import { useTheme } from "@/app/theme";
import { useWords } from "@/words";
import { Article, Articles } from "./Articles";
import { ask, type Me, SessionContext } from "./api";
import { Bill, Bills } from "./Bills";
import { Home } from "./Home";
import { Notices } from "./Notices";
import { Service } from "./Service";
import { SignIn } from "./SignIn";
import { Usage } from "./Usage";
import { words } from "./words";

/** Tells that a session was begun in this browser, so that nobody is asked for who never signed in. */
const BEGUN = "denghuo.customer";

const ICONS = {
  home: <HomeOutlined />,
  bills: <FileTextOutlined />,
  usage: <BarChartOutlined />,
  notices: <BellOutlined />,
  articles: <ReadOutlined />,
  more: <CustomerServiceOutlined />,
};

type Part = keyof typeof ICONS;
const PARTS = Object.keys(ICONS) as Part[];

function Tabs({ at }: { at: Part }) {
  const w = useWords(words);
  const { dark } = useTheme();
  return (
    <nav
      aria-label={w.menu}
      style={{
        position: "fixed",
        insetInline: 0,
        bottom: 0,
        zIndex: 10,
        display: "flex",
        background: dark ? "#141414" : "#fff",
        borderTop: "1px solid #8884",
        paddingBottom: "env(safe-area-inset-bottom)",
      }}
    >
      {PARTS.map((part) => (
        <Link
          key={part}
          to={part === "home" ? "/my" : `/my/${part}`}
          aria-current={part === at ? "page" : undefined}
          style={{
            flex: 1,
            minWidth: 0,
            padding: "8px 2px",
            textAlign: "center",
            fontSize: 12,
            ...(part === at ? { fontWeight: 600 } : { color: "inherit" }),
          }}
        >
          <div style={{ fontSize: 20 }} aria-hidden>
            {ICONS[part]}
          </div>
          {w.parts[part]}
        </Link>
      ))}
    </nav>
  );
}

function Frame({ me, children, leave }: { me: Me | null; children: ReactNode; leave?: () => void }) {
  const w = useWords(words);
  return (
    <main style={{ maxWidth: 560, margin: "0 auto", padding: "12px 12px 88px" }}>
      <Flex justify="space-between" align="center" gap={8}>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {w.title}
        </Typography.Title>
        <Flex align="center">
          <Choices />
          {me && <Button onClick={leave}>{w.signOut}</Button>}
        </Flex>
      </Flex>
      {children}
    </main>
  );
}

function Content({ part, billNo }: { part: Part; billNo: string | undefined }) {
  switch (part) {
    case "home":
      return <Home />;
    case "bills":
      return billNo ? <Bill billNo={billNo} /> : <Bills />;
    case "usage":
      return <Usage />;
    case "notices":
      return <Notices />;
    case "articles":
      return billNo ? <Article code={billNo} /> : <Articles />;
    case "more":
      return <Service />;
  }
}

/** The pages. */
export default function My() {
  const w = useWords(words);
  const cache = useQueryClient();
  const { part: asked, key } = useParams();
  const [me, setMe] = useState<Me | null>();
  const [accountNo, choose] = useState("");
  const keep = useCallback((next: Me | null) => {
    next ? localStorage.setItem(BEGUN, "1") : localStorage.removeItem(BEGUN);
    setMe(next);
    choose(next?.account_no ?? "");
  }, []);
  const ended = useCallback(() => {
    cache.removeQueries({ queryKey: ["customer"] });
    keep(null);
  }, [cache, keep]);
  useEffect(() => {
    if (localStorage.getItem(BEGUN) === null) {
      keep(null);
      return;
    }
    ask<Me>("GET", "/me").then(keep, (thrown) => {
      // Without an answer nobody knows; the sign-in tells what is wrong.
      asProblem(thrown);
      keep(null);
    });
  }, [keep]);
  const session = useMemo(() => (me ? { me, accountNo, choose, ended } : undefined), [me, accountNo, ended]);
  if (me === undefined) {
    return <Spin aria-label={w.loading} style={{ display: "block", margin: "96px auto" }} />;
  }
  if (!session) {
    return (
      <Frame me={null}>
        <SignIn begun={keep} />
      </Frame>
    );
  }
  const part = PARTS.find((known) => known === asked) ?? "home";
  const leave = async () => {
    await ask("POST", "/logout", { body: {}, csrf: session.me.csrf }).catch(() => undefined);
    ended();
  };
  return (
    <SessionContext value={session}>
      <Frame me={session.me} leave={leave}>
        {session.me.accounts.length > 1 && (
          <Select
            aria-label={w.chooseAccount}
            size="large"
            style={{ width: "100%", marginTop: 8 }}
            value={accountNo}
            onChange={choose}
            options={session.me.accounts.map((account) => ({
              value: account.account_no,
              label: `${account.account_no} · ${account.address}`,
            }))}
          />
        )}
        <div style={{ marginTop: 12 }}>
          <Content part={part} billNo={key} />
        </div>
        <Tabs at={part} />
      </Frame>
    </SessionContext>
  );
}
