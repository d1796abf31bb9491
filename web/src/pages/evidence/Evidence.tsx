// Proofs of an account: how strong each is and by which clause, its file at a glance, and whether the chain is intact.

import { Alert, Button, Flex, Image, Spin } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { BASE, download, type RowOf, useGet } from "@/api";
import { ActionButton, Day, Facts, ListPage, ProblemNote, RuleTag, StateTag } from "@/parts";
import { useNames, useSay, useSubject, useWords } from "@/words";
import { EvidenceForm } from "../accounts/EvidenceForm";
import { words } from "./words";

type Proof = RowOf<"/accounts/{account_no}/evidence">;

/** The tab. */
export default function Evidence({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const about = useSubject();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Flex gap={8} wrap style={{ marginBottom: 12 }} align="center">
        <Chain accountNo={accountNo} />
        <ActionButton permission="keep_evidence" done={false} run={async () => setAdding(true)}>
          {w.add}
        </ActionButton>
        <Link to={`/evidence/bundles?account=${accountNo}`}>{w.export}</Link>
      </Flex>
      <ListPage
        path="/accounts/{account_no}/evidence"
        args={{ path: { account_no: accountNo } }}
        name="account.evidence"
        rowKey={(proof) => proof.evidence_no}
        expand={(proof) => <One accountNo={accountNo} proof={proof} />}
        columns={[
          { key: "evidence_no", title: w.no, align: "right" },
          { key: "kind", title: w.kind, render: (proof) => name("evidenceKind", proof.kind) },
          {
            key: "strength",
            title: w.strength,
            render: (proof) => <StateTag family="evidenceStrength" word={proof.strength} />,
          },
          { key: "subject", title: w.subject, render: (proof) => about(proof.subject) },
          { key: "happened_at", title: w.happenedAt, render: (proof) => <Day value={proof.happened_at} /> },
          { key: "outcome", title: w.outcome, render: (proof) => name("outcome", proof.outcome) },
          { key: "file_name", title: w.upload },
        ]}
      />
      <EvidenceForm accountNo={accountNo} open={adding} close={() => setAdding(false)} />
    </>
  );
}

function Chain({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const say = useSay();
  const asked = useGet("/accounts/{account_no}/evidence/chain", { path: { account_no: accountNo } });
  const told = asked.data;
  if (!told) {
    return asked.problem ? <ProblemNote problem={asked.problem} again={asked.again} /> : <Spin />;
  }
  const anchored =
    told.anchored_on && typeof told.anchored_no === "number"
      ? w.anchored(told.anchored_on, told.anchored_no)
      : "";
  const waiting = told.unanchored > 0 ? w.unanchored(told.unanchored) : "";
  return (
    <Alert
      showIcon
      type={told.intact ? "success" : "error"}
      style={{ paddingBlock: 4, flex: "1 1 260px" }}
      title={[told.intact ? w.chainGood(told.links, told.files) : w.chainBad, anchored, waiting]
        .filter((text) => text !== "")
        .join(" · ")}
      description={told.flaws.length > 0 ? told.flaws.map(say).join(";") : undefined}
    />
  );
}

function One({ accountNo, proof }: { accountNo: string; proof: Proof }) {
  const w = useWords(words);
  const name = useNames();
  const [shown, setShown] = useState(false);
  const path = { account_no: accountNo, evidence_no: proof.evidence_no };
  const graded = useGet("/accounts/{account_no}/evidence/{evidence_no}", { path });
  const picture = proof.media_type?.startsWith("image/") ?? false;
  return (
    <>
      <Facts
        facts={[
          [w.place, proof.place],
          [w.signer, name("signerRole", proof.signer_role)],
          [w.reference, proof.reference],
          [w.note, proof.note],
          [w.madeBy, proof.made_by],
          [
            w.hash,
            <code key="h" style={{ overflowWrap: "anywhere" }}>
              {proof.hash}
            </code>,
          ],
        ]}
      />
      <Flex gap={8} wrap align="center">
        {w.grade}
        {graded.data?.clauses.map((rule) => (
          <span key={rule.id}>
            <RuleTag id={rule.id} /> {rule.clause}
          </span>
        ))}
      </Flex>
      {proof.file_name && (
        <Flex gap={8} wrap style={{ marginTop: 8 }}>
          {picture && !shown && (
            <Button size="small" onClick={() => setShown(true)}>
              {w.preview}
            </Button>
          )}
          <Button
            size="small"
            onClick={() =>
              download(
                "/accounts/{account_no}/evidence/{evidence_no}/file",
                { path },
                proof.file_name ?? "file",
              )
            }
          >
            {w.download}
          </Button>
          {shown && (
            <Image
              alt={proof.file_name}
              height={240}
              src={`${BASE}/accounts/${accountNo}/evidence/${proof.evidence_no}/file`}
            />
          )}
        </Flex>
      )}
    </>
  );
}
