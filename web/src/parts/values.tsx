// Single values: money, energy, days, deadlines, states, and the way to a customer.

import { Tag, Typography } from "antd";
import { Link } from "react-router";
import { type Family, useNames, useWords } from "@/words";
import { type Decimal, grouped, isNegative } from "./amounts";
import { words } from "./words";

/** An amount in yuan. `unit` writes 元 behind it, where no column head says so. */
export function Money({
  value,
  unit = false,
  tone,
}: {
  value: Decimal | null | undefined;
  unit?: boolean;
  tone?: "danger" | "success" | undefined;
}) {
  const w = useWords(words);
  if (value === null || value === undefined) {
    return null;
  }
  const shown = tone ?? (isNegative(value) ? "danger" : undefined);
  return (
    <Typography.Text className="dh-num" {...(shown ? { type: shown } : {})}>
      {grouped(value)}
      {unit && ` ${w.yuan}`}
    </Typography.Text>
  );
}

/** A quantity with its unit, such as kWh. */
export function Quantity({ value, unit }: { value: Decimal | null | undefined; unit?: string }) {
  if (value === null || value === undefined) {
    return null;
  }
  return (
    <span className="dh-num">
      {grouped(value)}
      {unit && ` ${unit}`}
    </span>
  );
}

/** A day, or a moment when it has a time. */
export function Day({ value }: { value: string | null | undefined }) {
  if (!value) {
    return null;
  }
  const [day, time] = value.split("T");
  return (
    <time className="dh-num" dateTime={value}>
      {day}
      {time && ` ${time.slice(0, 5)}`}
    </time>
  );
}

/** 还剩 n 天 / 已超 n 天: green, orange from three days, red when late. */
export function DaysLeft({ days }: { days: number | null | undefined }) {
  const w = useWords(words);
  if (days === null || days === undefined) {
    return null;
  }
  if (days < 0) {
    return <Tag color="red">{w.over(-days)}</Tag>;
  }
  return <Tag color={days <= 3 ? "orange" : "green"}>{days === 0 ? w.dueToday : w.left(days)}</Tag>;
}

/** The number of an account, leading to its page. */
export function AccountLink({ no, tab }: { no: string | null | undefined; tab?: string }) {
  if (!no) {
    return null;
  }
  return (
    <Link
      className="dh-num"
      to={`/accounts/${no}${tab ? `/${tab}` : ""}`}
      onClick={(event) => event.stopPropagation()}
    >
      {no}
    </Link>
  );
}

const COLOURS: Record<string, string> = {
  open: "blue",
  held: "orange",
  ready: "blue",
  approved: "cyan",
  released: "green",
  settled: "green",
  rejected: "red",
  queued: "default",
  sending: "processing",
  sent: "blue",
  delivered: "green",
  served: "green",
  bounced: "red",
  refused: "red",
  failed: "red",
  doubtful: "orange",
  cancelled: "default",
  cut: "red",
  restored: "green",
  closed: "default",
  proposed: "orange",
  running: "processing",
  kept: "green",
  broken: "red",
  strong: "green",
  medium: "blue",
  weak: "orange",
  void: "red",
  done: "green",
  confirmed: "green",
  published: "green",
  met: "green",
  missed: "red",
  overdue: "red",
  serious: "red",
  disputed: "orange",
  appealed: "orange",
  found: "orange",
  accepted: "blue",
  answered: "green",
};

/** A state as a coloured word: `<StateTag family="deliveryState" word={row.state} />`. */
export function StateTag({ family, word }: { family: Family; word: string | null | undefined }) {
  const name = useNames();
  if (!word) {
    return null;
  }
  return <Tag color={COLOURS[word] ?? "default"}>{name(family, word)}</Tag>;
}
