// The one way to the API: the session's secret on writes, problems as exceptions, and the end of a session noticed.

import createClient from "openapi-fetch";
import { ApiProblem, networkProblem, problemOf } from "./problem";
import type { Paths } from "./types";

/** Where the API stands. */
export const BASE = "/api/v1";

const client = createClient<Paths>({ baseUrl: BASE });

let csrf: string | undefined;
const ended = new Set<() => void>();

/** The secret that unsafe requests repeat; told by `/login` and `/me`. */
export function keepCsrf(secret: string | null | undefined): void {
  csrf = secret ?? undefined;
}

/** Calls `listener` when an answer says that nobody is signed in any more. */
export function onSignedOut(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** A request as the wrappers of `hooks.ts` send it: typed there, loose here. */
export interface Sent {
  path?: object | undefined;
  query?: object | undefined;
  body?: unknown;
  file?: Blob | undefined;
  key?: string | undefined;
  etag?: string | undefined;
  signal?: AbortSignal | undefined;
  as?: "json" | "blob";
}

/** An answer with what its headers tell. */
export interface Got<T> {
  data: T;
  etag: string | undefined;
  name: string | undefined;
  response: Response;
}

type Loose = (
  method: string,
  path: string,
  init: Record<string, unknown>,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Sends a request and gives its answer, or throws an {@link ApiProblem}. */
export async function request<T>(method: string, path: string, sent: Sent = {}): Promise<Got<T>> {
  const headers: Record<string, string> = {};
  if (method !== "get" && csrf !== undefined) {
    headers["x-csrf-token"] = csrf;
  }
  if (sent.key !== undefined) {
    headers["idempotency-key"] = sent.key;
  }
  if (sent.etag !== undefined) {
    headers["if-match"] = sent.etag;
  }
  if (sent.file !== undefined) {
    headers["content-type"] = sent.file.type || "application/octet-stream";
  }
  const init = {
    headers,
    params: { path: sent.path, query: clean(sent.query) },
    parseAs: sent.as ?? "json",
    ...(sent.file !== undefined ? { body: sent.file, bodySerializer: (body: unknown) => body } : {}),
    ...(sent.body !== undefined ? { body: sent.body } : {}),
    ...(sent.signal ? { signal: sent.signal } : {}),
  };
  let answer: Awaited<ReturnType<Loose>>;
  try {
    answer = await (client.request as unknown as Loose)(method, path, init);
  } catch (thrown) {
    if (sent.signal?.aborted) {
      throw thrown;
    }
    throw networkProblem();
  }
  const { response } = answer;
  if (!response.ok) {
    const problem = problemOf(response.status, answer.error);
    if (problem.code === "login.not_signed_in") {
      for (const listener of ended) {
        listener();
      }
    }
    throw problem;
  }
  return {
    data: answer.data as T,
    etag: response.headers.get("etag") ?? undefined,
    name: fileName(response.headers.get("content-disposition")),
    response,
  };
}

/** Parameters that are not given are not sent. */
function clean(query: object | undefined): Record<string, unknown> {
  const given = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return Object.fromEntries(given);
}

function fileName(disposition: string | null): string | undefined {
  return disposition?.match(/filename="([^"]+)"/)?.[1];
}

/** Fetches a file and lets the browser keep it under its name. */
export async function download(path: string, sent: Sent, fallbackName: string): Promise<void> {
  const got = await request<Blob>("get", path, { ...sent, as: "blob" });
  const url = URL.createObjectURL(got.data);
  const link = document.createElement("a");
  link.href = url;
  link.download = got.name ?? fallbackName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export { ApiProblem };
