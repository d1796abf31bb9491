// Who answers for the money of each route.

import { Button, Form, Input } from "antd";
import { useState } from "react";
import { type Schema, useSend } from "@/api";
import { useMay } from "@/app/session";
import { EditDrawer, ListPage, useUnitNames } from "@/parts";
import { useWords } from "@/words";
import { words } from "./words";

interface Body {
  staff: string;
}

/** The page. */
export default function Charges() {
  const w = useWords(words);
  const may = useMay();
  const unit = useUnitNames();
  const send = useSend("post", "/route-charges");
  const [route, setRoute] = useState<string>();
  return (
    <>
      <ListPage
        path="/route-charges"
        name="route-charges"
        title={w.charges}
        rowKey={(row) => row.route}
        columns={[
          { key: "route", title: w.route },
          { key: "name", title: w.routeName },
          { key: "unit", title: w.unit, render: (row) => unit(row.unit) },
          {
            key: "staff",
            title: w.charge,
            render: (row) =>
              row.staff ? [row.staff, row.called === row.staff ? "" : row.called].join(" ") : w.nobody,
          },
          { key: "named", title: w.state, render: (row) => (row.named ? w.named : w.byReader) },
          ...(may("set_targets")
            ? [
                {
                  key: "assign",
                  title: "",
                  render: (row: Schema<"ChargeShown">) => (
                    <Button
                      size="small"
                      aria-label={`${w.assign} ${row.route}`}
                      onClick={() => setRoute(row.route)}
                    >
                      {w.assign}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      <EditDrawer<Body>
        open={route !== undefined}
        close={() => setRoute(undefined)}
        title={`${w.assign} ${route ?? ""}`}
        submitText={w.assign}
        submit={({ staff }) => send.run({ body: { route: route ?? "", staff: staff.trim() } })}
      >
        <Form.Item name="staff" label={w.staffCode} rules={[{ required: true, message: w.needed }]}>
          <Input maxLength={32} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
