// What went wrong, in the language shown, with its code and the bad cells of a file.

import { Alert, Button, Typography } from "antd";
import { lazy, Suspense } from "react";
import type { ApiProblem } from "@/api/problem";
import { useSay, useWords } from "@/words";
import { words } from "./words";

// A table is much code, and the login page shows problems too.
const BadCells = lazy(() => import("./BadCells"));

/** Shows a problem; nothing when there is none. */
export function ProblemNote({ problem, again }: { problem: ApiProblem | undefined; again?: () => unknown }) {
  const w = useWords(words);
  const say = useSay();
  if (!problem) {
    return null;
  }
  return (
    <div role="alert" style={{ marginBlock: 12 }}>
      <Alert
        type="error"
        showIcon
        title={say(problem.detail)}
        description={
          <>
            {problem.isStale && <div>{w.staleHint}</div>}
            <Typography.Text type="secondary" style={{ fontSize: 12 }}>
              {w.code} {problem.code}
            </Typography.Text>
          </>
        }
        action={
          again && (
            <Button size="small" onClick={() => again()}>
              {w.retry}
            </Button>
          )
        }
      />
      {problem.cells.length > 0 && (
        <Suspense fallback={null}>
          <BadCells cells={problem.cells} />
        </Suspense>
      )}
    </div>
  );
}
