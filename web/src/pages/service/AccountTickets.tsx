// The tickets of one customer.

import { Button } from "antd";
import { useState } from "react";
import { useMay } from "@/app/session";
import { ListPage } from "@/parts";
import { useNames, useWords } from "@/words";
import { ticketColumns } from "./columns";
import { Take } from "./Tickets";
import { words } from "./words";

/** The tab. */
export default function AccountTickets({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [taking, setTaking] = useState(false);
  return (
    <>
      <ListPage
        path="/accounts/{account_no}/tickets"
        args={{ path: { account_no: accountNo } }}
        name="account.tickets"
        rowKey={(ticket) => ticket.code}
        rowPath={(ticket) => `/service/tickets/${ticket.code}`}
        actions={may("take_tickets") && <Button onClick={() => setTaking(true)}>{w.take}</Button>}
        columns={ticketColumns(w, name)}
        empty={w.none}
      />
      <Take open={taking} close={() => setTaking(false)} accountNo={accountNo} />
    </>
  );
}
