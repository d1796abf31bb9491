// What went wrong, as something that can be thrown and shown.

import type { Bilingual, ProblemBody } from "./types";

/** An answer that is no success: the API's problem, or the network's. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Bilingual;
  /** Bad cells of a file that was handed in. */
  readonly cells: NonNullable<ProblemBody["problems"]>;

  constructor(status: number, code: string, detail: Bilingual, cells: ProblemBody["problems"] = []) {
    super(`${code}: ${detail.en}`);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.cells = cells;
  }

  /** Nothing came back: it may have happened or not, and asking again with the same key is safe. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** Somebody else changed it in between (`If-Match`). */
  get isStale(): boolean {
    return this.status === 412 || this.status === 428;
  }
}

/** The network failed before there was an answer. */
export function networkProblem(): ApiProblem {
  return new ApiProblem(0, "network", {
    zh: "无法连接服务器,请检查网络后重试",
    en: "the server cannot be reached; check the network and try again",
  });
}

/** The problem in the body of an answer; what stands in front of the server may answer without one. */
export function problemOf(status: number, body: unknown): ApiProblem {
  if (isProblem(body)) {
    return new ApiProblem(body.status, body.code, body.detail, body.problems);
  }
  return new ApiProblem(status, `http.${status}`, {
    zh: `服务器返回状态 ${status}`,
    en: `the server answered with status ${status}`,
  });
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body && "status" in body;
}

/** Anything that was thrown, as a problem. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) {
    return thrown;
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiProblem(-1, "console", { zh: `页面出错:${text}`, en: `the page failed: ${text}` });
}
