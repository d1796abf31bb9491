// Paths to pages: open ones for everybody, the others behind the login, each behind its right.

import { Spin } from "antd";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { createBrowserRouter, Navigate, type RouteObject, useLocation } from "react-router";
import { useSay, useWords } from "@/words";
import { Broken, NoRight, NotFound, Unreachable } from "./Answers";
import { FirstPassword } from "./FirstPassword";
import { Login } from "./Login";
import { mayOpen, type PageDef, pages } from "./pages";
import { useMe, useSession } from "./session";
import { words } from "./words";

// The login comes first and needs none of it.
const Shell = lazy(() => import("./Shell").then((loaded) => ({ default: loaded.Shell })));

/** Waits for a page's code. */
export function Waiting() {
  const w = useWords(words);
  return <Spin aria-label={w.loading} style={{ display: "block", margin: "96px auto" }} />;
}

/** Shows the login until somebody has signed in, and wants the first password changed. */
function Gate({ children }: { children: ReactNode }) {
  const { me, problem, again } = useSession();
  if (problem) {
    return <Unreachable problem={problem} again={again} />;
  }
  if (me === undefined) {
    return <Waiting />;
  }
  if (me === null) {
    return <Login />;
  }
  return me.must_change ? <FirstPassword /> : children;
}

/** Tells at which address the page stands that is shown, for whoever waits for it from outside. */
function Shown() {
  const { pathname } = useLocation();
  useEffect(() => {
    document.documentElement.dataset.path = pathname;
  }, [pathname]);
  return null;
}

/** The page, when its right is held; tells the browser its title. */
function Page({ page }: { page: PageDef }) {
  const say = useSay();
  const title = say(page.title);
  useEffect(() => {
    document.title = `${title} · 灯火`;
  }, [title]);
  return (
    <Suspense fallback={<Waiting />}>
      <Shown />
      <page.component />
    </Suspense>
  );
}

function Guarded({ page }: { page: PageDef }) {
  const { permissions } = useMe();
  return mayOpen(page, permissions) ? <Page page={page} /> : <NoRight needed={page.permission} />;
}

function routeOf(page: PageDef): RouteObject {
  return {
    path: page.path,
    element: page.open ? <Page page={page} /> : <Guarded page={page} />,
    errorElement: <Broken />,
  };
}

/** The router of all pages. */
export function makeRouter() {
  const open = pages.filter((page) => page.open);
  const bare = pages.filter((page) => !page.open && page.layout === "bare");
  const usual = pages.filter((page) => !page.open && page.layout !== "bare");
  return createBrowserRouter([
    ...open.map(routeOf),
    ...bare.map((page) => {
      const route = routeOf(page);
      return { ...route, element: <Gate>{route.element}</Gate> };
    }),
    {
      element: (
        <Gate>
          <Suspense fallback={<Waiting />}>
            <Shell />
          </Suspense>
        </Gate>
      ),
      errorElement: <Broken />,
      children: [
        { path: "/", element: <Navigate to="/home" replace /> },
        ...usual.map(routeOf),
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}
