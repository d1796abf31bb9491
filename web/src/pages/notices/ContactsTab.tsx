// Ways to reach the customer with their history; what came of a call or a visit is noted here.

import { EyeOutlined } from "@ant-design/icons";
import { Button, Checkbox, Flex, Form, Input, Select, Spin, Table, Tag } from "antd";
import { useState } from "react";
import { type Schema, useGet, useSend } from "@/api";
import { useMay } from "@/app/session";
import { Day, EditDrawer, ProblemNote } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { words } from "./words";

type Contact = Schema<"ContactShown">;

/** The tab. */
export default function ContactsTab({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const may = useMay();
  const [personal, setPersonal] = useState(false);
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<number>();
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
      <Flex gap={8} style={{ marginBottom: 12 }}>
        {may("keep_contacts") && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {w.add}
          </Button>
        )}
        {may("see_personal") && (
          <Button icon={<EyeOutlined />} disabled={personal} onClick={() => setPersonal(true)}>
            {w.showInFull}
          </Button>
        )}
      </Flex>
      <Contacts contacts={asked.data.contacts} {...(may("keep_contacts") ? { change: setChanging } : {})} />
      <AddDrawer accountNo={accountNo} open={adding} close={() => setAdding(false)} />
      {changing !== undefined && (
        <ChangeDrawer accountNo={accountNo} contactNo={changing} close={() => setChanging(undefined)} />
      )}
    </>
  );
}

function Contacts({ contacts, change }: { contacts: Contact[]; change?: (contactNo: number) => void }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Table
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      rowKey="contact_no"
      dataSource={contacts}
      locale={{ emptyText: w.none }}
      expandable={{
        rowExpandable: (contact) => contact.events.length > 0,
        expandedRowRender: (contact) => <History contact={contact} />,
      }}
      columns={[
        { title: w.contactKind, render: (_, contact) => name("contactKind", contact.kind) },
        { title: w.value, dataIndex: "value" },
        {
          title: w.state,
          render: (_, contact) => (
            <>
              {contact.preferred && <Tag color="blue">{w.preferred}</Tag>}
              {contact.consent && <Tag color="green">{w.consent}</Tag>}
              {contact.receipts && <Tag>{w.receipts}</Tag>}
              {contact.designated_on && <Tag color="purple">{w.designated}</Tag>}
              {contact.trouble && <Tag color="red">{name("contactTrouble", contact.trouble)}</Tag>}
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
        {
          title: "",
          render: (_, contact) =>
            change && (
              <Button size="small" onClick={() => change(contact.contact_no)}>
                {w.change}
              </Button>
            ),
        },
      ]}
    />
  );
}

function History({ contact }: { contact: Contact }) {
  const w = useWords(words);
  const name = useNames();
  return (
    <Table
      size="small"
      pagination={false}
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
  );
}

function AddDrawer({ accountNo, open, close }: { accountNo: string; open: boolean; close: () => void }) {
  const w = useWords(words);
  const kinds = useOptions("contactKind");
  const hows = useOptions("contactHow");
  const send = useSend("post", "/accounts/{account_no}/contacts");
  type Values = {
    kind: "mobile" | "phone" | "email" | "wechat" | "address";
    value: string;
    preferred?: boolean;
    consent?: boolean;
    verified_how?: string;
  };
  return (
    <EditDrawer<Values>
      open={open}
      close={close}
      title={w.add}
      initial={{ kind: "mobile", verified_how: "call" }}
      submit={(values) =>
        send.run({
          path: { account_no: accountNo },
          body: { ...values, source: values.verified_how ?? "call" },
        })
      }
    >
      <Form.Item name="kind" label={w.contactKind} rules={[{ required: true }]}>
        <Select aria-label={w.contactKind} options={kinds} />
      </Form.Item>
      <Form.Item name="value" label={w.value} rules={[{ required: true, whitespace: true }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="verified_how" label={w.how}>
        <Select allowClear aria-label={w.how} options={hows} />
      </Form.Item>
      <Form.Item name="preferred" valuePropName="checked">
        <Checkbox>{w.preferred}</Checkbox>
      </Form.Item>
      <Form.Item name="consent" valuePropName="checked">
        <Checkbox>{w.consents}</Checkbox>
      </Form.Item>
    </EditDrawer>
  );
}

interface Change {
  what: "verified" | "replaced" | "unreachable" | "ended" | "consents" | "takesBack" | "designated";
  source: string;
  value?: string;
  contract_no?: string;
}

/** What the API takes for a result. */
function bodyOf({ what, source, value = "", contract_no = "" }: Change) {
  switch (what) {
    case "verified":
      return { what, how: source, source } as const;
    case "replaced":
      return { what, value, source } as const;
    case "consents":
    case "takesBack":
      return { what: "consent", agrees: what === "consents", source } as const;
    case "designated":
      return { what, contract_no } as const;
    default:
      return { what, source } as const;
  }
}

function ChangeDrawer(props: { accountNo: string; contactNo: number; close: () => void }) {
  const w = useWords(words);
  const hows = useOptions("contactHow");
  const path = { account_no: props.accountNo, contact_no: props.contactNo };
  const seen = useGet("/accounts/{account_no}/contacts/{contact_no}", { path });
  const send = useSend("put", "/accounts/{account_no}/contacts/{contact_no}");
  return (
    <EditDrawer<Change>
      open
      close={props.close}
      title={w.change}
      initial={{ what: "verified", source: "call" }}
      submit={(values) => send.run({ path, body: bodyOf(values) }, seen.etag)}
    >
      {(form) => (
        <>
          <p>{seen.data?.value}</p>
          <Form.Item name="what" label={w.what} rules={[{ required: true }]}>
            <Select
              aria-label={w.what}
              options={[
                { value: "verified", label: w.verified },
                { value: "replaced", label: w.replaced },
                { value: "unreachable", label: w.unreachable },
                { value: "ended", label: w.ended },
                { value: "consents", label: w.consents },
                { value: "takesBack", label: w.takesBack },
                { value: "designated", label: w.designate },
              ]}
            />
          </Form.Item>
          <Form.Item noStyle shouldUpdate={(before, after) => before.what !== after.what}>
            {() => (
              <>
                {form.getFieldValue("what") === "replaced" && (
                  <Form.Item name="value" label={w.newValue} rules={[{ required: true, whitespace: true }]}>
                    <Input maxLength={200} />
                  </Form.Item>
                )}
                {form.getFieldValue("what") === "designated" ? (
                  <Form.Item
                    name="contract_no"
                    label={w.contractNo}
                    rules={[{ required: true, whitespace: true }]}
                  >
                    <Input maxLength={60} />
                  </Form.Item>
                ) : (
                  <Form.Item name="source" label={w.source} rules={[{ required: true }]}>
                    <Select aria-label={w.source} options={hows} />
                  </Form.Item>
                )}
              </>
            )}
          </Form.Item>
        </>
      )}
    </EditDrawer>
  );
}
