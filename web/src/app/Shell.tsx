// The frame of the console: menu by right, search, language, appearance, one's own account.

import { MenuOutlined, SearchOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Drawer, Dropdown, Flex, Grid, Layout, Menu, theme } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { useNames, useSay, useWords } from "@/words";
import { Choices } from "./Choices";
import { PasswordModal } from "./FirstPassword";
import { Brand } from "./Login";
import { menuGroups } from "./menu";
import { mayOpen, type PageDef, pages } from "./pages";
import { SearchBox } from "./SearchBox";
import { useMe, useSession } from "./session";
import { words } from "./words";

/** The pages of the menu that somebody may open, by group. */
export function useMenuPages(): { group: (typeof menuGroups)[number]; pages: PageDef[] }[] {
  const { permissions } = useMe();
  return menuGroups
    .map((group) => ({
      group,
      pages: pages
        .filter((page) => page.group === group.key && mayOpen(page, permissions))
        .sort((a, b) => (a.order ?? 99) - (b.order ?? 99)),
    }))
    .filter((entry) => entry.pages.length > 0);
}

function SideMenu({ chosen }: { chosen?: () => void }) {
  const say = useSay();
  const w = useWords(words);
  const { pathname } = useLocation();
  const groups = useMenuPages();
  const all = groups.flatMap((entry) => entry.pages);
  const at = all
    .filter((page) => pathname === page.path || pathname.startsWith(`${page.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
  const [opened, setOpened] = useState<string[]>([]);
  const openKeys = [...new Set([...opened, ...(at?.group ? [at.group] : [])])];
  const menu = useRef<HTMLElement>(null);
  const path = at?.path;
  useEffect(() => {
    if (!path) {
      return undefined;
    }
    // What is chosen below the fold is brought into sight once its group has unfolded.
    const later = setTimeout(() => {
      menu.current?.querySelector(".ant-menu-item-selected")?.scrollIntoView({ block: "nearest" });
    }, 400);
    return () => clearTimeout(later);
  }, [path]);
  const link = (page: PageDef) => <Link to={page.path}>{say(page.title)}</Link>;
  return (
    <nav aria-label={w.menu} ref={menu}>
      <Menu
        mode="inline"
        style={{ borderInlineEnd: 0 }}
        selectedKeys={at ? [at.path] : []}
        openKeys={openKeys}
        onOpenChange={(keys) => setOpened(keys)}
        onClick={chosen}
        items={groups.map(({ group, pages: listed }) =>
          listed.length === 1 && listed[0]
            ? { key: listed[0].path, icon: group.icon, label: link(listed[0]) }
            : {
                key: group.key,
                icon: group.icon,
                label: say(group.title),
                children: listed.map((page) => ({ key: page.path, label: link(page) })),
              },
        )}
      />
    </nav>
  );
}

function Person() {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const { signOut } = useSession();
  const [changing, setChanging] = useState(false);
  const roles = me.roles.map((role) => name("role", role)).join(" ");
  const wide = Grid.useBreakpoint().md;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "who", label: `${me.called} · ${roles}`, disabled: true },
            { key: "password", label: w.changePassword, onClick: () => setChanging(true) },
            { key: "out", label: w.signOut, onClick: signOut },
          ],
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={`${w.account}: ${me.called}`}>
          {wide ? `${me.called} · ${roles}` : null}
        </Button>
      </Dropdown>
      <PasswordModal open={changing} close={() => setChanging(false)} />
    </>
  );
}

/** The shell with the page in it. */
export function Shell() {
  const w = useWords(words);
  const me = useMe();
  const { token } = theme.useToken();
  const screens = Grid.useBreakpoint();
  const wide = screens.lg ?? true;
  const [searching, setSearching] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      }
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  const line = `1px solid ${token.colorBorderSecondary}`;
  return (
    <Layout style={{ minHeight: "100vh" }}>
      <a className="dh-skip" href="#content">
        {w.skip}
      </a>
      <Layout.Header
        style={{
          position: "sticky",
          top: 0,
          zIndex: 20,
          background: token.colorBgContainer,
          borderBottom: line,
          lineHeight: "normal",
        }}
      >
        <Flex align="center" gap={8} style={{ height: "100%" }}>
          {!wide && (
            <Button
              type="text"
              icon={<MenuOutlined />}
              aria-label={w.openMenu}
              onClick={() => setMenuOpen(true)}
            />
          )}
          <Link to="/home" style={{ color: token.colorText }} aria-label={`${w.product} ${w.home}`}>
            <Brand />
          </Link>
          <Flex flex={1} justify={wide ? "center" : "end"}>
            <Button
              icon={<SearchOutlined />}
              aria-label={w.search}
              aria-keyshortcuts="Control+K"
              onClick={() => setSearching(true)}
              style={wide ? { width: 380, justifyContent: "start", color: token.colorTextSecondary } : {}}
            >
              {wide && (
                <Flex flex={1} justify="space-between">
                  <span>{w.search}</span>
                  <kbd>Ctrl K</kbd>
                </Flex>
              )}
            </Button>
          </Flex>
          {screens.md && (
            <span className="dh-num" title={w.today} style={{ color: token.colorTextSecondary }}>
              {me.today}
            </span>
          )}
          <Choices />
          <Person />
        </Flex>
      </Layout.Header>
      <Layout>
        {wide ? (
          <Layout.Sider
            width={208}
            style={{
              background: token.colorBgContainer,
              borderInlineEnd: line,
              position: "sticky",
              top: 53,
              height: "calc(100vh - 53px)",
              overflowY: "auto",
            }}
          >
            <SideMenu />
          </Layout.Sider>
        ) : (
          <Drawer
            open={menuOpen}
            onClose={() => setMenuOpen(false)}
            placement="left"
            size={272}
            title={w.menu}
            styles={{ body: { padding: 0 } }}
          >
            <SideMenu chosen={() => setMenuOpen(false)} />
          </Drawer>
        )}
        <Layout.Content
          id="content"
          role="main"
          tabIndex={-1}
          style={{ padding: screens.md ? 20 : 12, minWidth: 0 }}
        >
          <Outlet />
        </Layout.Content>
      </Layout>
      <SearchBox open={searching} close={() => setSearching(false)} />
    </Layout>
  );
}
