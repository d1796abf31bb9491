// 停电办理: one customer's cut, from the gates to the restoration.

import { useParams } from "react-router";
import { AccountLink, DetailPage } from "@/parts";
import { useWords } from "@/words";
import Cuts from "./Cuts";
import { words } from "./words";

/** The page. */
export default function Case() {
  const { accountNo = "" } = useParams();
  const w = useWords(words);
  return (
    <DetailPage title={w.of(accountNo)} back="/disconnection/cases" actions={<AccountLink no={accountNo} />}>
      <Cuts key={accountNo} accountNo={accountNo} />
    </DetailPage>
  );
}
