// What can be done about a cut now. A button that is blocked says which gate and clause block it, and what would unblock it.

import { Card, Flex, Form, Input, Select, TimePicker } from "antd";
import type dayjs from "dayjs";
import { useState } from "react";
import { type Schema, useSend } from "@/api";
import { useMe } from "@/app/session";
import { ActionButton, DayField, EditDrawer } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { gatesOf, neededFor } from "./gates";
import { words } from "./words";

type CaseTold = Schema<"CaseTold">;
type State = CaseTold["state"];
type Open = "reject" | "withdraw" | "restore" | "call" | "document" | undefined;

interface Props {
  accountNo: string;
  gates: Schema<"GatesTold">;
  newest: CaseTold | undefined;
}

/** The buttons. */
export function Deeds({ accountNo, gates, newest }: Props) {
  const w = useWords(words);
  const name = useNames();
  const me = useMe();
  const [open, setOpen] = useState<Open>();
  const path = { account_no: accountNo };
  const send = useDeeds();
  const live = newest && newest.closed_on === null ? newest : undefined;
  const states = (...wanted: State[]) => {
    if (!live) {
      return w.noCase;
    }
    return wanted.includes(live.state)
      ? undefined
      : w.needs(wanted.map((state) => name("cutState", state)).join("、"));
  };
  const waits = live?.operations.find((one) =>
    ["ordered", "confirm_at_meter", "doubtful"].includes(one.state),
  );
  const warrant = live?.warrants.find((one) => one.state === "live");
  const before = states("proposed", "approved", "served");
  const back = waits?.kind === "restore";
  return (
    <Card size="small">
      <Flex gap={8} wrap>
        {!live && (
          <ActionButton
            primary
            permission="propose_cuts"
            blocked={neededFor(gates.gates, "proposal")}
            confirm={{ money: gates.amount }}
            run={() => send.propose.run({ path, body: {} })}
          >
            {w.propose}
          </ActionButton>
        )}
        {live && before === undefined && (
          <>
            <ActionButton
              primary={live.state === "proposed"}
              permission="approve_cuts"
              blocked={live.proposed_by === me?.name ? w.twoPersons : neededFor(gates.gates, "proposal")}
              confirm={{ money: gates.amount }}
              run={() => send.approve.run({ path, body: {} })}
            >
              {w.approve}
            </ActionButton>
            {live.state === "proposed" && (
              <ActionButton permission="approve_cuts" done={false} run={async () => setOpen("reject")}>
                {w.reject}
              </ActionButton>
            )}
            <ActionButton permission="propose_cuts" done={false} run={async () => setOpen("withdraw")}>
              {w.withdraw}
            </ActionButton>
            <ActionButton permission="propose_cuts" done={false} run={async () => setOpen("document")}>
              {w.document}
            </ActionButton>
            <ActionButton
              primary={live.state === "served" && !warrant}
              permission="operate_cuts"
              blocked={states("served") ?? neededFor(gates.gates, "warrant")}
              confirm={{ money: gates.amount }}
              run={() => send.warrant.run({ path, body: {} })}
            >
              {w.warrant}
            </ActionButton>
            <ActionButton
              permission="operate_cuts"
              blocked={states("served")}
              done={false}
              run={async () => setOpen("call")}
            >
              {w.call}
            </ActionButton>
            {(["field", "remote"] as const).map((channel) => (
              <ActionButton
                key={channel}
                danger
                permission="operate_cuts"
                blocked={states("served") ?? (warrant ? gatesOf(gates.gates) : w.noWarrant)}
                confirm={{ money: gates.amount }}
                run={() => send.execute.run({ path, body: { channel } })}
              >
                {channel === "field" ? w.execute : w.remote}
              </ActionButton>
            ))}
          </>
        )}
        {waits && (
          <>
            <ActionButton
              primary
              permission="operate_cuts"
              confirm
              run={() => send.confirm.run({ path, body: { done: true } })}
            >
              {back ? w.confirmBack : w.confirmCut}
            </ActionButton>
            <ActionButton
              permission="operate_cuts"
              confirm
              run={() => send.confirm.run({ path, body: { done: false } })}
            >
              {w.confirmFailed}
            </ActionButton>
          </>
        )}
        {live?.state === "cut" && (
          <>
            <ActionButton permission="approve_cuts" done={false} run={async () => setOpen("restore")}>
              {w.restore}
            </ActionButton>
            <ActionButton
              permission="operate_cuts"
              blocked={back && waits?.state === "ordered" ? undefined : w.noRestore}
              confirm
              run={() => send.sendBack.run({ path, body: {} })}
            >
              {w.send}
            </ActionButton>
          </>
        )}
      </Flex>
      <Drawers open={open} close={() => setOpen(undefined)} accountNo={accountNo} />
    </Card>
  );
}

function useDeeds() {
  return {
    propose: useSend("post", "/accounts/{account_no}/cuts"),
    approve: useSend("post", "/accounts/{account_no}/cuts/approve"),
    warrant: useSend("post", "/accounts/{account_no}/cuts/warrants"),
    execute: useSend("post", "/accounts/{account_no}/cuts/execute"),
    confirm: useSend("post", "/accounts/{account_no}/cuts/confirm"),
    sendBack: useSend("post", "/accounts/{account_no}/cuts/restore/send"),
  };
}

interface CallValues {
  day: string;
  time: dayjs.Dayjs;
  outcome: Schema<"CallOutcome">;
}

interface DocumentValues {
  kind: Schema<"CutDocument">;
  about?: string;
  happened_on?: string;
  evidence_no?: string;
}

function Drawers({ open, close, accountNo }: { open: Open; close: () => void; accountNo: string }) {
  const w = useWords(words);
  const path = { account_no: accountNo };
  const deeds = {
    reject: useSend("post", "/accounts/{account_no}/cuts/reject"),
    withdraw: useSend("post", "/accounts/{account_no}/cuts/withdraw"),
    restore: useSend("post", "/accounts/{account_no}/cuts/restore"),
  };
  const call = useSend("post", "/accounts/{account_no}/cuts/calls");
  const document = useSend("post", "/accounts/{account_no}/cuts/documents");
  const outcomes = useOptions("callOutcome");
  const kinds = useOptions("cutDocument");
  const why = open === "reject" || open === "withdraw" || open === "restore" ? open : undefined;
  return (
    <>
      <EditDrawer<{ reason: string }>
        open={why !== undefined}
        title={w[why ?? "reject"]}
        close={close}
        submit={async (values) => why && (await deeds[why].run({ path, body: values }))}
      >
        <Form.Item name="reason" label={w.reason} rules={[{ required: true, message: w.why }]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<CallValues>
        open={open === "call"}
        title={w.call}
        close={close}
        initial={{ outcome: "reached" }}
        submit={({ day, time, outcome }) =>
          call.run({ path, body: { told_cut_at: `${day}T${time.format("HH:mm")}:00`, outcome } })
        }
      >
        <Form.Item name="day" label={w.on} rules={[{ required: true }]}>
          <DayField />
        </Form.Item>
        <Form.Item name="time" label={w.toldAt} rules={[{ required: true }]}>
          <TimePicker format="HH:mm" style={{ width: "100%" }} needConfirm={false} />
        </Form.Item>
        <Form.Item name="outcome" label={w.outcome} rules={[{ required: true }]}>
          <Select options={outcomes} />
        </Form.Item>
      </EditDrawer>
      <EditDrawer<DocumentValues>
        open={open === "document"}
        title={w.document}
        close={close}
        submit={({ kind, about, happened_on, evidence_no }) =>
          document.run({
            path,
            body: {
              kind,
              ...(about ? { about } : {}),
              ...(happened_on ? { happened_on } : {}),
              ...(evidence_no ? { evidence_no: Number(evidence_no) } : {}),
            },
          })
        }
      >
        <Form.Item name="kind" label={w.kind} rules={[{ required: true }]}>
          <Select options={kinds} />
        </Form.Item>
        <Form.Item name="about" label={w.about}>
          <Input />
        </Form.Item>
        <Form.Item name="happened_on" label={w.on}>
          <DayField />
        </Form.Item>
        <Form.Item name="evidence_no" label={w.evidence} rules={[{ pattern: /^\d+$/ }]}>
          <Input inputMode="numeric" />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
