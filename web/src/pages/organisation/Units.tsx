// The organisation: units by their place, and the staff of today.

import { Card, Flex } from "antd";
import { Day, ListPage, PageHead, useUnitNames } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

/** Units and staff. */
export default function Units() {
  const w = useWords(words);
  const name = useNames();
  const unitName = useUnitNames();
  const kinds: Record<string, string> = {
    company: w.company,
    department: w.department,
    station: w.station,
    hall: w.hall,
    team: w.team,
  };
  return (
    <>
      <PageHead title={w.units} />
      <Flex vertical gap={16}>
        <Card size="small" title={w.unit}>
          <ListPage
            path="/orgs"
            name="orgs"
            rowKey={(unit) => unit.code}
            columns={[
              {
                key: "name",
                title: w.unit,
                render: (unit) => <span style={{ paddingLeft: unit.depth * 20 }}>{unit.name}</span>,
              },
              { key: "code", title: w.code },
              { key: "kind", title: w.kind, render: (unit) => kinds[unit.kind] ?? unit.kind },
            ]}
          />
        </Card>
        <Card size="small" title={w.staff}>
          <ListPage
            path="/staff"
            name="staff"
            rowKey={(person) => person.code}
            columns={[
              { key: "code", title: w.staffNo, sort: "code" },
              { key: "name", title: w.name },
              { key: "role", title: w.role, sort: "role", render: (person) => name("role", person.role) },
              { key: "org", title: w.unit, sort: "org", render: (person) => unitName(person.org) },
              {
                key: "from_on",
                title: w.from,
                sort: "from_on",
                render: (person) => <Day value={person.from_on} />,
              },
              {
                key: "until_on",
                title: w.until,
                sort: "until_on",
                render: (person) => (
                  <Day value={person.until_on?.startsWith("9999") ? null : person.until_on} />
                ),
              },
              { key: "has_login", title: w.login, render: (person) => (person.has_login ? w.has : "") },
            ]}
          />
        </Card>
      </Flex>
    </>
  );
}
