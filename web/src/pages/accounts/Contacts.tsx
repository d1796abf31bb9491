// Ways to reach the customer, with their history.

import { EyeOutlined } from "@ant-design/icons";
import { Button, Spin, Tag } from "antd";
import { useState } from "react";
import { useGet } from "@/api";
import { useMay } from "@/app/session";
import { Day, ProblemNote, SmallTable } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** The tab. */
export default function Contacts({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [personal, setPersonal] = useState(false);
  const asked = useGet(
    "/accounts/{account_no}/contacts",
    { path: { account_no: accountNo }, query: personal ? { personal } : {} },
    { keep: true },
  );
  if (!asked.data) {
    return asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />;
  }
  return (
    <>
      {may("see_personal") && (
        <Button
          icon={<EyeOutlined />}
          disabled={personal}
          onClick={() => setPersonal(true)}
          style={{ marginBottom: 12 }}
        >
          {w.showInFull}
        </Button>
      )}
      <SmallTable
        rowKey="contact_no"
        dataSource={asked.data.contacts}
        canExpand={(contact) => contact.events.length > 0}
        expand={(contact) => (
          <SmallTable
            rowKey={(event) => `${event.on}/${event.kind}/${event.source}`}
            dataSource={contact.events}
            columns={[
              { title: w.on, render: (_, event) => <Day value={event.on} /> },
              { title: w.what, render: (_, event) => name("contactEvent", event.kind) },
              { title: w.source, dataIndex: "source" },
              { title: w.detail, dataIndex: "detail" },
              { title: w.by, dataIndex: "by" },
            ]}
          />
        )}
        columns={[
          { title: w.contactKind, render: (_, contact) => name("contactKind", contact.kind) },
          { title: w.contactValue, dataIndex: "value" },
          {
            title: w.state,
            render: (_, contact) => (
              <>
                {contact.preferred && <Tag color="blue">{w.preferred}</Tag>}
                {contact.consent && <Tag color="green">{w.consent}</Tag>}
                {contact.receipts && <Tag>{w.wantsReceipts}</Tag>}
                {contact.designated_on && <Tag color="purple">{w.designated}</Tag>}
                {contact.trouble && <Tag color="red">{name("contactEvent", contact.trouble)}</Tag>}
              </>
            ),
          },
          {
            title: w.verified,
            render: (_, contact) => (
              <>
                <Day value={contact.verified_on} /> {name("contactHow", contact.verified_how)}
              </>
            ),
          },
        ]}
      />
    </>
  );
}
