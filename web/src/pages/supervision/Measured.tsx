// What a check measures, with its unit.

import { grouped, Money } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

type Unit = "days" | "seconds" | "percent" | "pieces" | "fen" | "levels";

/** The unit of each check; those that are left out count records. */
const UNITS: Record<string, Unit> = {
  route_without_reader: "days",
  reading_too_fast: "seconds",
  estimated_share: "percent",
  read_equals_last: "percent",
  late_notice: "pieces",
  waiver_share: "percent",
  waiver_amount: "fen",
  bill_taken_back: "percent",
  write_off: "fen",
  ticket_late: "levels",
};

/** A limit, or what was measured against it. */
export function Measured({ check, value }: { check: string; value: number | null | undefined }) {
  const w = useWords(words);
  if (value === null || value === undefined) {
    return null;
  }
  switch (UNITS[check]) {
    case "fen":
      return <Money value={(value / 100).toFixed(2)} unit />;
    case "percent":
      return `${value}%`;
    case "days":
      return w.inDays(value);
    case "seconds":
      return w.inSeconds(value);
    case "pieces":
      return w.inPieces(value);
    case "levels":
      return w.inLevels(value);
    default:
      return grouped(value);
  }
}
