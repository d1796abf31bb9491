// A button for a deed: says why it is blocked, shows count and money before it acts, tells what went wrong.

import { App, Button, type ButtonProps, Descriptions, Modal, Popover } from "antd";
import { type ReactNode, useState } from "react";
import type { Permission } from "@/api";
import type { ApiProblem } from "@/api/problem";
import { asProblem } from "@/api/problem";
import { useMay } from "@/app/session";
import { useNames, useWords } from "@/words";
import type { Decimal } from "./amounts";
import { type Gate, GateList } from "./GateList";
import { ProblemNote } from "./ProblemNote";
import { Money } from "./values";
import { words } from "./words";

interface Confirm {
  title?: string;
  /** How many things it touches. */
  count?: number;
  /** The money it moves, in yuan. */
  money?: Decimal;
  content?: ReactNode;
}

interface Props {
  children: ReactNode;
  /** Does it; a thrown problem is shown. */
  run: () => Promise<unknown>;
  permission?: Permission;
  /** Why it cannot be done now: a sentence, or gates of which some fail. Empty: it can. */
  blocked?: string | Gate[] | undefined;
  /** Ask first. `true` asks with the button's own words. */
  confirm?: Confirm | true | undefined;
  /** Told when it is done; false tells nothing. */
  done?: string | false;
  danger?: boolean;
  primary?: boolean;
  size?: ButtonProps["size"];
  icon?: ReactNode;
}

/** The button. */
export function ActionButton(props: Props) {
  const {
    children,
    run,
    permission,
    blocked,
    confirm,
    done,
    danger = false,
    primary = false,
    size,
    icon,
  } = props;
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const why = may(permission) ? reason(blocked) : w.needsRight(name("permission", permission));

  const act = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await run();
      setAsking(false);
      if (done !== false) {
        message.success(done ?? w.done);
      }
    } catch (thrown) {
      setProblem(asProblem(thrown));
      setAsking(true);
    } finally {
      setBusy(false);
    }
  };

  const button = (
    <Button
      danger={danger}
      type={primary ? "primary" : "default"}
      {...(size ? { size } : {})}
      icon={icon}
      loading={busy && !asking}
      aria-disabled={why !== undefined}
      style={why === undefined ? {} : { opacity: 0.55, cursor: "not-allowed" }}
      onClick={() => {
        if (why === undefined) {
          confirm ? setAsking(true) : act();
        }
      }}
    >
      {children}
    </Button>
  );
  if (why !== undefined) {
    return (
      <Popover
        title={w.blocked}
        content={
          <div style={{ maxWidth: 420 }}>{typeof why === "string" ? why : <GateList gates={why} />}</div>
        }
        trigger={["hover", "focus", "click"]}
      >
        {button}
      </Popover>
    );
  }
  const asked: Confirm = confirm === true || confirm === undefined ? {} : confirm;
  return (
    <>
      {button}
      <Modal
        open={asking}
        title={asked.title ?? (typeof children === "string" ? children : w.confirm)}
        okText={typeof children === "string" ? children : w.run}
        cancelText={w.cancel}
        okButtonProps={{ danger, loading: busy }}
        onOk={act}
        onCancel={() => {
          setAsking(false);
          setProblem(undefined);
        }}
      >
        {(asked.count !== undefined || asked.money !== undefined) && (
          <Descriptions
            column={1}
            size="small"
            items={[
              ...(asked.count !== undefined ? [{ key: "n", label: w.count, children: asked.count }] : []),
              ...(asked.money !== undefined
                ? [{ key: "m", label: w.amount, children: <Money value={asked.money} unit /> }]
                : []),
            ]}
          />
        )}
        {asked.content}
        <ProblemNote problem={problem} />
      </Modal>
    </>
  );
}

function reason(blocked: string | Gate[] | undefined): string | Gate[] | undefined {
  if (Array.isArray(blocked)) {
    return blocked.some((gate) => !gate.passed) ? blocked : undefined;
  }
  return blocked === "" ? undefined : blocked;
}
