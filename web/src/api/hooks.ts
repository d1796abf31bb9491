// How pages ask and write: useGet for one value, useList for a page of a list, useSend for a deed.

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { type Got, request } from "./client";
import { FormKey } from "./keys";
import { type ApiProblem, asProblem } from "./problem";
import type {
  Answer,
  Args,
  ListArgs,
  ListPath,
  Operation,
  PathsWith,
  RowOf,
  WriteArgs,
  WriteMethod,
} from "./types";

/** What useGet tells. */
export interface Asked<T> {
  data: T | undefined;
  /** Its version, for `etag` of useSend. */
  etag: string | undefined;
  loading: boolean;
  problem: ApiProblem | undefined;
  again: () => Promise<unknown>;
}

interface GetOptions<T> {
  /** False: do not ask yet. */
  enabled?: boolean;
  /** Ask again every so many ms; a function may stop it with `false`. */
  every?: number | ((data: T | undefined) => number | false);
  /** Keep showing the old value while a new one is loaded. */
  keep?: boolean;
}

/** One value of the API: `useGet("/accounts/{account_no}", { path: { account_no } })`. */
export function useGet<P extends PathsWith<"get">>(
  path: P,
  args: Args<Operation<P, "get">>,
  options: GetOptions<Answer<Operation<P, "get">>> = {},
): Asked<Answer<Operation<P, "get">>> {
  type Value = Answer<Operation<P, "get">>;
  const { every } = options;
  const query = useQuery<Got<Value>>({
    queryKey: [path, args],
    queryFn: ({ signal }) => request<Value>("get", path as string, { ...(args as object), signal }),
    enabled: options.enabled ?? true,
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === "number" ? every : (query) => every(query.state.data?.data) }),
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    data: query.data?.data,
    etag: query.data?.etag,
    loading: query.isFetching,
    problem: query.error ? asProblem(query.error) : undefined,
    again: query.refetch,
  };
}

/** A page of a list with the way to the next one. */
export interface Listed<Row> {
  rows: Row[];
  loading: boolean;
  problem: ApiProblem | undefined;
  /** From 1. */
  page: number;
  hasNext: boolean;
  next: () => void;
  previous: () => void;
  first: () => void;
  again: () => Promise<unknown>;
}

/** A list, page by page: `useList("/tasks", { query: { kind } }, 50)`. Other arguments begin at the first page again. */
export function useList<P extends ListPath>(
  path: P,
  args: ListArgs<Operation<P, "get">>,
  limit = 50,
  options: { enabled?: boolean } = {},
): Listed<RowOf<P>> {
  const about = JSON.stringify([path, args, limit]);
  const [place, setPlace] = useState<{ about: string; cursors: string[] }>({ about, cursors: [] });
  const cursors = place.about === about ? place.cursors : [];
  const cursor = cursors.at(-1);
  const given = args as { path?: object; query?: object };
  const query = useQuery<Got<{ items: RowOf<P>[]; next_cursor: string | null }>>({
    queryKey: [path, args, limit, cursor],
    queryFn: ({ signal }) =>
      request("get", path as string, { path: given.path, query: { ...given.query, cursor, limit }, signal }),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
  const following = query.data?.data.next_cursor ?? undefined;
  const rows = useMemo(() => query.data?.data.items ?? [], [query.data]);
  return {
    rows,
    loading: query.isFetching,
    problem: query.error ? asProblem(query.error) : undefined,
    page: cursors.length + 1,
    hasNext: following !== undefined && !query.isPlaceholderData,
    next: () => following !== undefined && setPlace({ about, cursors: [...cursors, following] }),
    previous: () => setPlace({ about, cursors: cursors.slice(0, -1) }),
    first: () => setPlace({ about, cursors: [] }),
    again: query.refetch,
  };
}

/** A deed that can be done from a page. */
export interface Sending<A, R> {
  /** Does it; throws the {@link ApiProblem}, which also stands in `problem`. */
  run: (args: A, etag?: string) => Promise<R>;
  busy: boolean;
  problem: ApiProblem | undefined;
  clear: () => void;
}

/**
 * A deed: `const take = useSend("post", "/accounts/{account_no}/payments")`, then `await take.run({ path, body })`.
 * The idempotency key stays the same while the same content is sent again after a failure. After success everything that
 * is shown is asked anew.
 */
export function useSend<M extends WriteMethod, P extends PathsWith<M>>(
  method: M,
  path: P,
): Sending<WriteArgs<Operation<P, M>>, Answer<Operation<P, M>>> {
  type Value = Answer<Operation<P, M>>;
  const cache = useQueryClient();
  const key = useRef(new FormKey());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const run = useCallback(
    async (args: WriteArgs<Operation<P, M>>, etag?: string): Promise<Value> => {
      const sent = args as { path?: object; query?: object; body?: unknown; file?: Blob };
      const content = { ...sent, file: sent.file && [sent.file.size, (sent.file as Partial<File>).name] };
      setBusy(true);
      setProblem(undefined);
      try {
        const got = await request<Value>(method, path as string, {
          ...sent,
          key: key.current.of(content),
          etag,
        });
        key.current.done();
        await cache.invalidateQueries();
        return got.data;
      } catch (thrown) {
        const told = asProblem(thrown);
        if (!told.isUncertain) {
          key.current.done();
        }
        setProblem(told);
        throw told;
      } finally {
        setBusy(false);
      }
    },
    [cache, method, path],
  );
  return { run, busy, problem, clear: () => setProblem(undefined) };
}
