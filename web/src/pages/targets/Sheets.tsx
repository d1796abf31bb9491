// Bonus sheets of one's unit.

import { ListPage, Money, StateTag } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

/** The page. */
export default function Sheets() {
  const w = useWords(words);
  return (
    <ListPage
      path="/bonus-sheets"
      name="bonus-sheets"
      title={w.sheets}
      rowKey={(sheet) => sheet.sheet_no}
      rowPath={(sheet) => `/targets/bonus/${sheet.sheet_no}`}
      columns={[
        { key: "sheet_no", title: w.sheetNo, align: "right" },
        { key: "period", title: w.period },
        { key: "unit_name", title: w.unit },
        { key: "total", title: w.total, align: "right", render: (sheet) => <Money value={sheet.total} /> },
        {
          key: "state",
          title: w.state,
          render: (sheet) => <StateTag family="sheetState" word={sheet.state} />,
        },
        { key: "made_by", title: w.madeBy },
        { key: "decided_by", title: w.decidedBySheet },
        { key: "frozen_by", title: w.frozenBy },
      ]}
    />
  );
}
