// The API as a customer asks it: his own session, his own secret, nothing of the staff's.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useState } from "react";
import { type ApiProblem, asProblem, type Schema } from "@/api";
import { networkProblem, problemOf } from "@/api/problem";

export type Me = Schema<"CustomerMe">;

/** Asks, or throws an {@link ApiProblem}. */
export async function ask<T>(
  method: "GET" | "POST",
  path: string,
  {
    body,
    csrf,
    key,
    base = "/customer",
  }: { body?: unknown; csrf?: string | undefined; key?: string; base?: string } = {},
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(csrf ? { "x-csrf-token": csrf } : {}),
        ...(key ? { "idempotency-key": key } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw networkProblem();
  }
  const told: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) {
    throw problemOf(answer.status, told);
  }
  return told as T;
}

interface Session {
  me: Me;
  /** The account that is looked at. */
  accountNo: string;
  choose: (accountNo: string) => void;
  /** The session is over. */
  ended: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The customer; only where one has signed in. */
export function useCustomer(): Session {
  const session = useContext(SessionContext);
  if (!session) {
    throw new Error("nobody is signed in");
  }
  return session;
}

/** Something about the chosen account; `every` asks again after so many ms. */
export function useOwn<T>(
  part: string,
  every?: (data: T | undefined) => number | false,
): {
  data: T | undefined;
  loading: boolean;
  problem: ApiProblem | undefined;
} {
  const { accountNo, ended } = useCustomer();
  const query = useQuery<T>({
    queryKey: ["customer", accountNo, part],
    queryFn: async () => {
      try {
        return await ask<T>("GET", `/accounts/${encodeURIComponent(accountNo)}${part}`);
      } catch (thrown) {
        if (asProblem(thrown).code === "login.not_signed_in") {
          ended();
        }
        throw thrown;
      }
    },
    ...(every ? { refetchInterval: (asked) => every(asked.state.data) } : {}),
  });
  return {
    data: query.data,
    loading: query.isPending,
    problem: query.error ? asProblem(query.error) : undefined,
  };
}

/** A deed about the chosen account; what is shown is asked anew afterwards. */
export function useDo<T>(): {
  run: (part: string, body: unknown, key?: string) => Promise<T | undefined>;
  busy: boolean;
  problem: ApiProblem | undefined;
} {
  const { me, accountNo } = useCustomer();
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const run = useCallback(
    async (part: string, body: unknown, key?: string) => {
      setBusy(true);
      setProblem(undefined);
      try {
        const path = `/accounts/${encodeURIComponent(accountNo)}${part}`;
        const told = await ask<T>("POST", path, { body, csrf: me.csrf, ...(key ? { key } : {}) });
        await cache.invalidateQueries({ queryKey: ["customer"] });
        return told;
      } catch (thrown) {
        setProblem(asProblem(thrown));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [accountNo, me.csrf, cache],
  );
  return { run, busy, problem };
}
