// Long work at the server, told whenever it has changed: by events, or asked for where a proxy lets none through.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { BASE } from "./client";
import { type Asked, useGet } from "./hooks";
import type { Answer, Args, Operation, PathsWith } from "./types";

/** How often is asked where events do not come through, in ms. */
const BEAT = 1_500;

/**
 * A value that changes while work goes on: `useWatch("/day/runs/{run_no}", { path }, (run) => run.state === "running")`.
 * Leaving the page does not stop the work; when it has ended everything that is shown is asked anew.
 */
export function useWatch<P extends PathsWith<"get">>(
  path: P,
  args: Args<Operation<P, "get">>,
  goesOn: (data: Answer<Operation<P, "get">>) => boolean,
): Asked<Answer<Operation<P, "get">>> {
  type Value = Answer<Operation<P, "get">>;
  const cache = useQueryClient();
  const [isDeaf, setDeaf] = useState(false);
  const every = (data: Value | undefined) => (isDeaf && data !== undefined && goesOn(data) ? BEAT : false);
  const asked = useGet(path, args, { every });
  const isOn = asked.data !== undefined && goesOn(asked.data);
  const given = useRef(args);
  given.current = args;
  const url = address(path as string, args as { path?: object; query?: object });

  useEffect(() => {
    if (!isOn || isDeaf) {
      return undefined;
    }
    const source = new EventSource(url);
    source.addEventListener("state", (event) => {
      cache.setQueryData([path, given.current], (known: object | undefined) => ({
        ...known,
        data: JSON.parse((event as MessageEvent<string>).data),
      }));
    });
    source.addEventListener("end", () => {
      source.close();
      cache.invalidateQueries();
    });
    source.onerror = () => {
      // The browser connects again by itself unless it was refused.
      if (source.readyState === EventSource.CLOSED) {
        setDeaf(true);
      }
    };
    return () => source.close();
  }, [isOn, isDeaf, url, cache, path]);
  return asked;
}

/** The address of a path with its parameters. */
export function address(
  path: string,
  args: { path?: object | undefined; query?: object | undefined },
): string {
  const parts = args.path as Record<string, unknown> | undefined;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parts?.[name] ?? "")),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(args.query ?? {})) {
    if (value !== undefined && value !== null && value !== "") {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return `${BASE}${filled}${text === "" ? "" : `?${text}`}`;
}
