// One proposed change: what the book would be with it, and the second person's word.

import { Card, Col, Flex, Row } from "antd";
import { useParams } from "react-router";
import { useGet, useSend } from "@/api";
import { useMe } from "@/app/session";
import { ActionButton, Day, DetailPage } from "@/parts";
import { useWords } from "@/words";
import { ProposalState } from "./Proposals";
import { Check } from "./parts";
import { words } from "./words";

function Text({ title, body }: { title: string; body: string | null | undefined }) {
  return (
    <Card size="small" title={title}>
      <pre
        style={{
          margin: 0,
          maxHeight: 420,
          overflow: "auto",
          whiteSpace: "pre-wrap",
          wordBreak: "break-word",
        }}
      >
        {body ?? "–"}
      </pre>
    </Card>
  );
}

/** The proposal. */
export default function Proposal() {
  const w = useWords(words);
  const me = useMe();
  const { proposalNo = "" } = useParams();
  const path = { proposal_no: Number(proposalNo) };
  const asked = useGet("/rule-proposals/{proposal_no}", { path });
  const accept = useSend("post", "/rule-proposals/{proposal_no}/accept");
  const reject = useSend("post", "/rule-proposals/{proposal_no}/reject");
  const shown = asked.data;
  const proposal = shown?.proposal;
  const isOwn = proposal?.proposed_by === me.name;
  return (
    <DetailPage
      title={w.proposal(proposalNo)}
      back="/rulebook/proposals"
      loading={asked.loading && !shown}
      problem={asked.problem}
      again={asked.again}
      tags={proposal && <ProposalState state={proposal.state} />}
      actions={
        proposal?.state === "open" && (
          <>
            <ActionButton
              permission="approve_rules"
              danger
              run={() => reject.run({ path, body: { note: "" } })}
            >
              {w.reject}
            </ActionButton>
            <ActionButton
              permission="approve_rules"
              primary
              blocked={isOwn ? w.samePerson : shown?.check?.ok === false ? w.wrong : undefined}
              confirm={{ title: w.accept, content: w.acceptAsk }}
              run={() => accept.run({ path, body: { note: "" } })}
            >
              {w.accept}
            </ActionButton>
          </>
        )
      }
      facts={
        proposal
          ? [
              [w.path, proposal.path],
              [w.reason, proposal.reason],
              [w.proposedBy, proposal.proposed_by],
              [w.proposedOn, <Day key="p" value={proposal.proposed_on} />],
              [w.decidedBy, proposal.decided_by],
              [w.decidedOn, proposal.decided_on ? <Day key="d" value={proposal.decided_on} /> : undefined],
              [w.note, proposal.note],
            ]
          : []
      }
    >
      {shown && (
        <Flex vertical gap={16}>
          {shown.check && <Check check={shown.check} />}
          <Row gutter={[16, 16]}>
            <Col xs={24} lg={12}>
              <Text title={w.present} body={shown.before} />
            </Col>
            <Col xs={24} lg={12}>
              <Text title={w.proposed} body={shown.proposal.removes ? w.gone : shown.after} />
            </Col>
          </Row>
        </Flex>
      )}
    </DetailPage>
  );
}
