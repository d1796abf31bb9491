// 扫码缴费: a code for what is owed, and the word that it was paid.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Card } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Schema } from "@/api";
import { ProblemNote } from "@/parts";
import { PayCode } from "@/parts/PayCode";
import { useWords } from "@/words";
import { ask, useCustomer, useDo, useOwn } from "./api";
import { words } from "./words";

type Intent = Schema<"IntentShown">;

/** Pays the bills, or all that is owed when none is named; what was paid is told even when nothing is owed any more. */
export function Pay({ owes, bills }: { owes: boolean; bills?: number[] }) {
  const w = useWords(words);
  const { run, busy, problem } = useDo<Intent>();
  const [intent, setIntent] = useState<Intent>();
  // Pressed again after an answer that was lost, it is the same intent.
  const key = useRef(crypto.randomUUID());
  const begin = async () => {
    const made = await run("/payment-intents", { bills: bills ?? [] }, key.current);
    if (made) {
      key.current = crypto.randomUUID();
      setIntent(made);
    }
  };
  if (intent) {
    return <Waiting intent={intent} close={() => setIntent(undefined)} />;
  }
  if (!owes) {
    return null;
  }
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <Button type="primary" size="large" block loading={busy} onClick={begin}>
        {w.pay}
      </Button>
    </>
  );
}

function Waiting({ intent, close }: { intent: Intent; close: () => void }) {
  const w = useWords(words);
  const cache = useQueryClient();
  const { me } = useCustomer();
  const asked = useOwn<Intent>(`/payment-intents/${intent.intent_no}`, (one) =>
    one === undefined || one.state === "open" ? 2_000 : false,
  );
  const told = asked.data ?? intent;
  const paid = told.state === "paid";
  useEffect(() => {
    if (paid) {
      cache.invalidateQueries({ queryKey: ["customer"] });
    }
  }, [paid, cache]);
  const simulate = async () => {
    await ask("POST", "/provider/simulate", { body: { qr_text: told.qr_text }, csrf: me.csrf, base: "" });
    await cache.invalidateQueries({ queryKey: ["customer"] });
  };
  return (
    <Card size="small">
      <PayCode
        intent={told}
        actions={
          told.state === "open" ? (
            <>
              {told.simulated && <Button onClick={simulate}>{w.simulate}</Button>}
              <Button onClick={close}>{w.later}</Button>
            </>
          ) : (
            <Button type="primary" onClick={close}>
              {w.done}
            </Button>
          )
        }
      />
    </Card>
  );
}
