// The paths of the API as types: what each takes and gives. Everything is derived from the generated schema.

import type { components, paths } from "./schema";

type Below<P> = P extends `/api/v1${infer Rest}` ? Rest : never;

/** The API without its base: `/accounts/{account_no}`. */
export type Paths = { [P in keyof paths as Below<P>]: paths[P] };

/** A named type of the API: `Schema<"TaskLine">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** A right, such as `take_payments`. */
export type Permission = Schema<"Permission">;
/** A role, such as `collector`. */
export type Role = Schema<"Role">;
/** A sentence in both languages. */
export type Bilingual = Schema<"Bilingual">;
/** Decimal text in yuan. */
export type MoneyText = Schema<"Money">;
/** An error as the API tells it. */
export type ProblemBody = Schema<"Problem">;

/** The methods that write. */
export type WriteMethod = "post" | "put" | "patch" | "delete";

/** The paths that know a method. */
export type PathsWith<M extends "get" | WriteMethod> = {
  [P in keyof Paths]: Paths[P] extends { [K in M]: infer O } ? (O extends object ? P : never) : never;
}[keyof Paths];

/** The operation behind a path and a method. */
export type Operation<P extends keyof Paths, M extends string> = M extends keyof Paths[P]
  ? Paths[P][M]
  : never;

type ParametersOf<O> = O extends { parameters: infer X } ? X : never;
type QueryOf<O> = ParametersOf<O> extends { query?: infer Q } ? NonNullable<Q> : never;
type PathOf<O> = ParametersOf<O> extends { path: infer X extends object } ? X : never;

/** Optional when nothing in it is required. */
type Part<Key extends string, T> = [T] extends [never]
  ? { [K in Key]?: undefined }
  : Record<string, never> extends T
    ? { [K in Key]?: T }
    : { [K in Key]: T };

/** What a reading operation takes. */
export type Args<O> = Part<"path", PathOf<O>> & Part<"query", QueryOf<O>>;

/** What a list takes beside the parameters of paging. */
export type ListArgs<O> = Part<"path", PathOf<O>> &
  Part<"query", Omit<QueryOf<O>, "cursor" | "limit" | "format">>;

type JsonBody<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : O extends { requestBody?: { content: { "application/json": infer B } } }
    ? { body?: B }
    : O extends { requestBody?: { content: { "*/*": unknown } } }
      ? { file?: Blob | undefined }
      : { body?: undefined };

/** What a writing operation takes. A file is sent as the body of an upload. */
export type WriteArgs<O> = Args<O> & JsonBody<O>;

/** What an operation answers. */
export type Answer<O> = O extends { responses: { 200: { content: { "application/json": infer A } } } }
  ? A
  : never;

/** The paths whose answer is a page of a list. */
export type ListPath = {
  [P in PathsWith<"get">]: Answer<Operation<P, "get">> extends {
    items: unknown[];
    next_cursor: string | null;
  }
    ? P
    : never;
}[PathsWith<"get">];

/** A row of a list. */
export type RowOf<P extends ListPath> =
  Answer<Operation<P, "get">> extends { items: (infer R)[] } ? R : never;
