// Proofs of an account, how strong each is and why, and their files.

import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { download } from "@/api";
import { useMay } from "@/app/session";
import { Day, Facts, ListPage, RuleTag, StateTag } from "@/parts";
import { useNames, useWords } from "@/words";
import { EvidenceForm } from "./EvidenceForm";
import { words } from "./words";

/** The tab. */
export default function Evidence({ accountNo }: { accountNo: string }) {
  const w = useWords(words);
  const name = useNames();
  const may = useMay();
  const [keeping, setKeeping] = useState(false);
  return (
    <>
      {may("keep_evidence") && (
        <Button icon={<PlusOutlined />} onClick={() => setKeeping(true)} style={{ marginBottom: 12 }}>
          {w.keepProof}
        </Button>
      )}
      <EvidenceForm accountNo={accountNo} open={keeping} close={() => setKeeping(false)} />
      <ListPage
        path="/accounts/{account_no}/evidence"
        args={{ path: { account_no: accountNo } }}
        name="account.evidence"
        rowKey={(proof) => proof.evidence_no}
        expand={(proof) => (
          <>
            <Facts
              facts={[
                [w.place, proof.place],
                [w.signer, name("signerRole", proof.signer_role)],
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
            {proof.rules.map((rule) => (
              <RuleTag key={rule} id={rule} />
            ))}
          </>
        )}
        columns={[
          { key: "evidence_no", title: w.evidenceNo, align: "right" },
          { key: "kind", title: w.kind, render: (proof) => name("evidenceKind", proof.kind) },
          {
            key: "strength",
            title: w.strength,
            render: (proof) => <StateTag family="evidenceStrength" word={proof.strength} />,
          },
          { key: "subject", title: w.subject },
          { key: "happened_at", title: w.happenedAt, render: (proof) => <Day value={proof.happened_at} /> },
          { key: "outcome", title: w.outcome, render: (proof) => name("outcome", proof.outcome) },
          {
            key: "file",
            title: w.file,
            render: (proof) =>
              proof.file_name && (
                <Button
                  type="link"
                  size="small"
                  onClick={() =>
                    download(
                      "/accounts/{account_no}/evidence/{evidence_no}/file",
                      { path: { account_no: accountNo, evidence_no: proof.evidence_no } },
                      proof.file_name ?? "file",
                    )
                  }
                >
                  {w.download}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
