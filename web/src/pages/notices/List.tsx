// Notices of one's unit with their last delivery.

import { ListPage } from "@/parts";
import { useOptions, useWords } from "@/words";
import { useColumns } from "./columns";
import { words } from "./words";

/** The page. */
export default function List() {
  const w = useWords(words);
  const kinds = useOptions("noticeKind");
  const states = useOptions("noticeState").filter((one) =>
    ["open", "served", "failed", "withdrawn"].includes(one.value),
  );
  const channels = useOptions("noticeChannel");
  const deliveries = useOptions("deliveryState");
  const columns = useColumns();
  return (
    <ListPage
      path="/notices"
      name="notices.list"
      title={w.list}
      rowKey={(row) => `${row.account_no}/${row.notice_no}`}
      rowPath={(row) => `/notices/one/${row.account_no}/${row.notice_no}`}
      filters={[
        { key: "kind", label: w.kind, kind: "select", options: kinds },
        { key: "state", label: w.state, kind: "select", options: states, width: 130 },
        { key: "channel", label: w.channel, kind: "select", options: channels, width: 130 },
        { key: "delivery", label: w.delivery, kind: "select", options: deliveries, width: 130 },
        { key: "from", label: w.from, kind: "day" },
        { key: "until", label: w.until, kind: "day" },
      ]}
      columns={columns}
    />
  );
}
