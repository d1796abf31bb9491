// The rules of the book: dates, layer, basis, confidence.

import { Tag } from "antd";
import { Day, type Filter, ListPage } from "@/parts";
import { useSay, useWords } from "@/words";
import { Confidence } from "./parts";
import { words } from "./words";

/** The list. */
export default function Rules() {
  const w = useWords(words);
  const say = useSay();
  const filters: Filter[] = [
    { key: "text", label: w.text, kind: "text" },
    { key: "topic", label: w.topic, kind: "text" },
    { key: "on", label: w.on, kind: "day" },
    {
      key: "confidence",
      label: w.confidence,
      kind: "select",
      options: ["H", "M", "L"].map((value) => ({ value, label: value })),
      width: 140,
    },
    { key: "everywhere", label: w.everywhere, kind: "switch" },
  ];
  return (
    <ListPage
      path="/rules"
      name="rules"
      title={w.rules}
      filters={filters}
      rowKey={(rule) => rule.id}
      rowPath={(rule) => `/rulebook/rules/${encodeURIComponent(rule.id)}`}
      columns={[
        { key: "topic", title: w.topic },
        { key: "id", title: w.id },
        { key: "layer", title: w.layer, render: (rule) => say({ zh: rule.layer_name, en: rule.layer }) },
        { key: "jurisdiction", title: w.jurisdiction, hidden: true },
        { key: "from", title: w.from, render: (rule) => <Day value={rule.from} /> },
        { key: "until", title: w.until, render: (rule) => (rule.until ? <Day value={rule.until} /> : "…") },
        {
          key: "in_force",
          title: w.inForce,
          render: (rule) =>
            rule.is_in_force ? <Tag color="green">{w.inForce}</Tag> : <Tag>{w.notInForce}</Tag>,
        },
        { key: "confidence", title: w.confidence, render: (rule) => <Confidence letter={rule.confidence} /> },
        { key: "title", title: w.basis },
        { key: "document", title: w.document },
        { key: "article", title: w.article, hidden: true },
        {
          key: "may_override",
          title: w.override,
          hidden: true,
          render: (rule) => (rule.may_override ? w.may : w.mayNot),
        },
      ]}
    />
  );
}
