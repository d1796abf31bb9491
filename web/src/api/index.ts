// What pages use of the API.

export { BASE, download } from "./client";
export { type Asked, type Listed, type Sending, useGet, useList, useSend } from "./hooks";
export { ApiProblem, asProblem } from "./problem";
export type {
  Answer,
  Bilingual,
  ListPath,
  MoneyText,
  Operation,
  PathsWith,
  Permission,
  Role,
  RowOf,
  Schema,
} from "./types";
export { address, useWatch } from "./watch";
