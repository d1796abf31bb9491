// Gates of the API as the shared list shows them.

import type { Schema } from "@/api";
import type { Gate } from "@/parts";

type Told = Schema<"GateTold">;

/** Gates in order, each with its code and clause. */
export function gatesOf(gates: Told[]): Gate[] {
  return gates.map((gate) => ({
    code: gate.code,
    passed: gate.holds,
    text: { zh: `${gate.code} ${gate.name}:${gate.text.zh}`, en: `${gate.code} ${gate.text.en}` },
    clause: gate.clause,
    unblock: gate.unblock,
  }));
}

/** The gates that have to hold for a deed. */
export function neededFor(gates: Told[], deed: "proposal" | "warrant" | "execution"): Gate[] {
  const order = ["proposal", "warrant", "execution"];
  const until = order.indexOf(deed);
  return gatesOf(gates.filter((gate) => order.indexOf(gate.needed_for) <= until));
}
