// The columns of tickets, wherever they are listed.

import type { Schema } from "@/api";
import { type Column, StateTag } from "@/parts";
import type { useNames } from "@/words";
import type { words } from "./words";

type Ticket = Schema<"TicketLine">;

/** A moment as people read it. */
export function moment(text: string | null | undefined): string {
  return text ? text.replace("T", " ").slice(0, 16) : "";
}

/** The columns. */
export function ticketColumns(w: typeof words.zh, name: ReturnType<typeof useNames>): Column<Ticket>[] {
  return [
    { key: "code", title: w.code },
    { key: "request", title: w.request, render: (ticket) => name("request", ticket.request) },
    {
      key: "state",
      title: w.state,
      sort: "state",
      render: (ticket) => <StateTag family="ticketState" word={ticket.state} />,
    },
    { key: "said", title: w.said, render: (ticket) => <div className="dh-said">{ticket.said}</div> },
    { key: "owner", title: w.owner },
    { key: "unit", title: w.unit },
    { key: "level", title: w.level, sort: "level", align: "right" },
    {
      key: "accepted_at",
      title: w.acceptedAt,
      sort: "accepted_at",
      render: (ticket) => moment(ticket.accepted_at),
    },
    { key: "next_at", title: w.nextAt, sort: "next_at", render: (ticket) => moment(ticket.next_at) },
    { key: "topic", title: w.topic, hidden: true },
    { key: "source", title: w.source, hidden: true, render: (ticket) => name("ticketSource", ticket.source) },
  ];
}
