// Tickets of one's unit, and the form in which one is taken.

import { Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type Operation, useSend } from "@/api";
import type { WriteArgs } from "@/api/types";
import { useMay } from "@/app/session";
import { AccountLink, EditDrawer, type Filter, ListPage, UnitField } from "@/parts";
import { useNames, useOptions, useWords } from "@/words";
import { ticketColumns } from "./columns";
import { words } from "./words";

type Body = WriteArgs<Operation<"/tickets", "post">>["body"];

interface Form0 extends Omit<Body, "about"> {
  account_no?: string;
  about?: string[];
}

/** The list. */
export default function Tickets() {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [taking, setTaking] = useState(false);
  const filters: Filter[] = [
    { key: "request", label: w.request, kind: "select", options: useOptions("request"), width: 170 },
    { key: "state", label: w.state, kind: "select", options: useOptions("ticketState"), width: 130 },
    { key: "open", label: w.open, kind: "select", options: [{ value: "true", label: w.yes }], width: 140 },
    { key: "mine", label: w.mine, kind: "select", options: [{ value: "true", label: w.yes }], width: 110 },
    { key: "late", label: w.late, kind: "select", options: [{ value: "true", label: w.yes }], width: 200 },
  ];
  return (
    <>
      <ListPage
        path="/tickets"
        name="tickets"
        title={w.tickets}
        filters={filters}
        rowKey={(ticket) => ticket.code}
        rowPath={(ticket) => `/service/tickets/${ticket.code}`}
        actions={
          may("take_tickets") && (
            <Button type="primary" onClick={() => setTaking(true)}>
              {w.take}
            </Button>
          )
        }
        columns={[
          ...ticketColumns(w, name),
          { key: "account_no", title: w.account, render: (ticket) => <AccountLink no={ticket.account_no} /> },
        ]}
      />
      <Take open={taking} close={() => setTaking(false)} />
    </>
  );
}

/** The form in which a ticket is taken. */
export function Take(props: { open: boolean; close: () => void; accountNo?: string }) {
  const { open, close, accountNo } = props;
  const w = useWords(words);
  const navigate = useNavigate();
  const free = useSend("post", "/tickets");
  const ofAccount = useSend("post", "/accounts/{account_no}/tickets");
  const [requests, areas, sources] = [useOptions("request"), useOptions("area"), useOptions("ticketSource")];
  const submit = async ({ account_no, ...body }: Form0) => {
    const number = accountNo ?? account_no?.trim();
    const ticket = number
      ? await ofAccount.run({ path: { account_no: number }, body: body as Body })
      : await free.run({ body: body as Body });
    navigate(`/service/tickets/${ticket.code}`);
  };
  const needed = { required: true, message: w.needed };
  return (
    <EditDrawer<Form0>
      open={open}
      close={close}
      title={w.take}
      submit={submit}
      submitText={w.take}
      width={560}
    >
      {(form) => (
        <>
          {!accountNo && (
            <Form.Item name="account_no" label={w.account} extra={w.accountHint}>
              <Input maxLength={32} />
            </Form.Item>
          )}
          <Form.Item name="request" label={w.request} rules={[needed]}>
            <Select options={requests} showSearch optionFilterProp="label" />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() =>
              form.getFieldValue("request") === "fault" && (
                <Form.Item name="area" label={w.area} extra={w.areaHint} rules={[needed]}>
                  <Select options={areas} />
                </Form.Item>
              )
            }
          </Form.Item>
          <Form.Item name="said" label={w.said} rules={[needed]}>
            <Input.TextArea rows={4} maxLength={4000} showCount />
          </Form.Item>
          <Form.Item name="topic" label={w.topic}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="caller" label={w.caller}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          <Form.Item name="phone" label={w.phone}>
            <Input maxLength={200} autoComplete="off" inputMode="tel" />
          </Form.Item>
          <Form.Item name="place" label={w.place}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="source" label={w.source} initialValue="phone">
            <Select options={sources} />
          </Form.Item>
          <Form.Item name="about" label={w.about} extra={w.aboutHint} initialValue={[]}>
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
          {!accountNo && (
            <Form.Item name="unit" label={w.unit} extra={w.unitHint}>
              <UnitField />
            </Form.Item>
          )}
        </>
      )}
    </EditDrawer>
  );
}
