// Notices whose clock has run out, the oldest first.

import { ListPage } from "@/parts";
import { useOptions, useWords } from "@/words";
import { useColumns } from "./columns";
import { words } from "./words";

/** The page. */
export default function Late() {
  const w = useWords(words);
  const kinds = useOptions("noticeKind");
  const channels = useOptions("noticeChannel");
  const columns = useColumns();
  return (
    <ListPage
      path="/notices/late"
      name="notices.late"
      title={w.late}
      rowKey={(row) => `${row.account_no}/${row.notice_no}`}
      rowPath={(row) => `/notices/one/${row.account_no}/${row.notice_no}`}
      filters={[
        { key: "kind", label: w.kind, kind: "select", options: kinds },
        { key: "channel", label: w.channel, kind: "select", options: channels },
      ]}
      columns={columns}
    />
  );
}
