// Who is signed in and what he may do. Without a session the login page is shown, and afterwards the page that was asked for.

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { asProblem, type Permission, type Role, type Schema } from "@/api";
import { keepCsrf, onSignedOut, request } from "@/api/client";
import type { ApiProblem } from "@/api/problem";

/** Who is signed in. */
export type Me = Schema<"Me">;

interface Session {
  /** Undefined while it is asked, null when nobody is signed in. */
  me: Me | null | undefined;
  /** The server could not be asked. */
  problem: ApiProblem | undefined;
  signIn: (name: string, password: string) => Promise<void>;
  /** Signs in by what the identity provider gave back. */
  comeBack: (state: string, code: string) => Promise<void>;
  signOut: () => Promise<void>;
  changePassword: (old: string, next: string) => Promise<void>;
  again: () => Promise<void>;
}

const Context = createContext<Session | undefined>(undefined);
/** Tells that a session was begun in this browser, so that nobody is asked for who never signed in. */
const BEGUN = "denghuo.session";

/** Asks who is signed in and keeps it. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [me, setMe] = useState<Me | null>();
  const [problem, setProblem] = useState<ApiProblem>();

  const keep = useCallback((next: Me | null) => {
    keepCsrf(next?.csrf);
    next ? localStorage.setItem(BEGUN, "1") : localStorage.removeItem(BEGUN);
    setMe(next);
  }, []);

  const again = useCallback(async () => {
    setProblem(undefined);
    if (localStorage.getItem(BEGUN) === null) {
      keep(null);
      return;
    }
    try {
      keep((await request<Me>("get", "/me")).data);
    } catch (thrown) {
      const told = asProblem(thrown);
      if (told.status === 401) {
        keep(null);
      } else {
        setProblem(told);
      }
    }
  }, [keep]);

  useEffect(() => {
    again();
    return onSignedOut(() => keep(null));
  }, [again, keep]);

  const value = useMemo<Session>(
    () => ({
      me,
      problem,
      again,
      signIn: async (name, password) => {
        const got = await request<Me>("post", "/login", { body: { name, password } });
        // Nothing of somebody else's may be seen.
        cache.clear();
        keep(got.data);
      },
      comeBack: async (state, code) => {
        const got = await request<Me>("post", "/login/sso/back", { body: { state, code } });
        cache.clear();
        keep(got.data);
      },
      signOut: async () => {
        await request("post", "/logout", { body: {} }).catch(() => undefined);
        cache.clear();
        keep(null);
      },
      changePassword: async (old, next) => {
        await request("post", "/me/password", { body: { old, new: next } });
        await again();
      },
    }),
    [me, problem, again, cache, keep],
  );
  return <Context value={value}>{children}</Context>;
}

/** The session. */
export function useSession(): Session {
  const session = useContext(Context);
  if (!session) {
    throw new Error("outside SessionProvider");
  }
  return session;
}

/** Who is signed in; only below the shell. */
export function useMe(): Me {
  const { me } = useSession();
  if (!me) {
    throw new Error("nobody is signed in");
  }
  return me;
}

/** May he? `const may = useMay(); may("take_payments")`. */
export function useMay(): (permission: Permission | undefined) => boolean {
  const { permissions } = useMe();
  return (permission) => permission === undefined || permissions.includes(permission);
}

/** Does he hold a role? */
export function useHolds(): (role: Role) => boolean {
  const { roles } = useMe();
  return (role) => roles.includes(role);
}
