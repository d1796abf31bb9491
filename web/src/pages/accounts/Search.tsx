// Customers by number, name, telephone, address or meter. What was looked for stands in the address.

import { Card, Empty, Input, Table } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useGet } from "@/api";
import { AccountLink, PageHead, ProblemNote } from "@/parts";
import { useNames, useWords } from "@/words";
import { words } from "./words";

const WORDS = ["account_no", "customer", "address"] as const;
type Word = (typeof WORDS)[number];
type Sort = Word | `-${Word}`;

/** The search. */
export default function Search() {
  const w = useWords(words);
  const name = useNames();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const q = search.get("q")?.trim() ?? "";
  const [sort, setSort] = useState<Sort>();
  const query = { q, limit: 100, ...(sort ? { sort } : {}) };
  const found = useGet("/accounts", { query }, { enabled: q.length >= 2, keep: true });
  return (
    <>
      <PageHead title={w.find} />
      <Card size="small">
        <Input.Search
          autoFocus
          size="large"
          allowClear
          enterButton
          aria-label={w.findHint}
          placeholder={w.findHint}
          defaultValue={q}
          key={q}
          maxLength={100}
          loading={found.loading}
          style={{ maxWidth: 640, marginBottom: 16 }}
          onSearch={(text) => setSearch(text.trim() === "" ? {} : { q: text.trim() })}
        />
        <ProblemNote problem={found.problem} again={found.again} />
        {q.length < 2 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={w.typeFirst} />
        ) : (
          <Table
            size="small"
            rowKey="account_no"
            pagination={false}
            loading={found.loading}
            dataSource={found.data?.items ?? []}
            scroll={{ x: "max-content" }}
            onChange={(_, __, sorter) => {
              const one = Array.isArray(sorter) ? sorter[0] : sorter;
              const word = WORDS.find((word) => word === one?.columnKey);
              setSort(one?.order && word ? (one.order === "descend" ? `-${word}` : word) : undefined);
            }}
            onRow={(row) => ({
              className: "dh-row-link",
              tabIndex: 0,
              onClick: () => navigate(`/accounts/${row.account_no}`),
              onKeyDown: (event) => event.key === "Enter" && navigate(`/accounts/${row.account_no}`),
            })}
            columns={[
              {
                key: "account_no",
                title: w.number,
                sorter: true,
                render: (_, row) => <AccountLink no={row.account_no} />,
              },
              { key: "customer", title: w.customer, sorter: true, dataIndex: "customer" },
              { key: "address", title: w.address, sorter: true, dataIndex: "address" },
              { title: w.foundBy, render: (_, row) => name("found", row.by) },
            ]}
          />
        )}
      </Card>
    </>
  );
}
