-- Collections by the clause: notices and their deliveries, the ladder, the lawful cut, evidence, legal action.
-- Business moments are yyyymmddhhmmss in the site's local time; everything else as in V1.

-- registry: how contacts are kept fresh -------------------------------------------------------------------------------
-- designated_on: since when the contract names this as the address of electronic service; designated_by: the contract.
ALTER TABLE contact ADD COLUMN designated_on BIGINT;
ALTER TABLE contact ADD COLUMN designated_by TEXT;
-- trouble: why it is not used until somebody has looked at it: bounced, refused, unreachable.
ALTER TABLE contact ADD COLUMN trouble TEXT;
ALTER TABLE contact ADD COLUMN trouble_on BIGINT;
-- receipts: the customer wants a receipt of every payment there.
ALTER TABLE contact ADD COLUMN receipts BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contact_trouble ON contact (account_id) WHERE trouble IS NOT NULL;
CREATE INDEX contact_stale ON contact (COALESCE(verified_on, 0), account_id) WHERE until_on = 99991231;
-- 联系方式履历. kind: verified, bounced, refused, unreachable, silent, replaced, designated, consented, withdrawn.
CREATE TABLE contact_event (
    account_id BIGINT NOT NULL,
    event_no BIGINT NOT NULL,
    contact_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    source TEXT NOT NULL,
    detail TEXT,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, event_no)
)/*clustered*/;
CREATE INDEX contact_event_by_day ON contact_event (happened_on, account_id);

-- notices -------------------------------------------------------------------------------------------------------------
-- What is to be told, once for each (kind, subject). content: JSON of what the paper or message tells; NULL for a bill, whose content is
-- derived from the bill. state: open, served, failed, withdrawn. served_at is the arrival that counts in law.
CREATE TABLE notice (
    account_id BIGINT NOT NULL,
    notice_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    bill_no BIGINT NOT NULL,
    decided_on BIGINT NOT NULL,
    due_by BIGINT NOT NULL,
    deadline_on BIGINT,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    content TEXT,
    rules TEXT NOT NULL,
    state TEXT NOT NULL,
    served_at BIGINT,
    served_how TEXT,
    evidence_no BIGINT,
    ended_on BIGINT,
    ended_why TEXT,
    PRIMARY KEY (account_id, notice_no)
)/*clustered*/;
CREATE UNIQUE INDEX notice_by_subject ON notice (account_id, kind, subject);
CREATE INDEX notice_open ON notice (due_by, account_id) WHERE state = 'open';
-- The outbox: one row for each channel a notice leaves by. channel: email, sms, paper_own, paper_delegated, post, phone, door, posting.
-- state: queued, sending, sent, delivered, bounced, refused, failed, doubtful, cancelled. The idempotency key is account-notice-delivery.
CREATE TABLE delivery (
    account_id BIGINT NOT NULL,
    notice_no BIGINT NOT NULL,
    delivery_no BIGINT NOT NULL,
    channel TEXT NOT NULL,
    contact_no BIGINT,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    due_by BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    sent_at BIGINT,
    ended_at BIGINT,
    gateway_ref TEXT,
    detail TEXT,
    PRIMARY KEY (account_id, notice_no, delivery_no)
)/*clustered*/;
CREATE INDEX delivery_queued ON delivery (channel, next_at, account_id) WHERE state = 'queued';
CREATE INDEX delivery_sending ON delivery (next_at, account_id) WHERE state = 'sending';
CREATE INDEX delivery_sent ON delivery (next_at, account_id) WHERE state = 'sent';
CREATE INDEX delivery_doubtful ON delivery (next_at, account_id) WHERE state = 'doubtful';
CREATE INDEX delivery_by_ref ON delivery (gateway_ref) WHERE gateway_ref IS NOT NULL;
CREATE TABLE delivery_attempt (
    account_id BIGINT NOT NULL,
    notice_no BIGINT NOT NULL,
    delivery_no BIGINT NOT NULL,
    attempt_no BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    detail TEXT,
    body_hash TEXT,
    PRIMARY KEY (account_id, notice_no, delivery_no, attempt_no)
)/*clustered*/;
-- 打印批次, 委托派发批次: papers that were printed or handed to a delegated company together.
CREATE TABLE paper_run (
    run_id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    agent TEXT,
    made_on BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    rows_kept BIGINT NOT NULL,
    digest TEXT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- collections: the ladder, holds, plans -------------------------------------------------------------------------------
-- 催费阶梯: when an account is to be looked at next; 99991231 when only a new fact can change something. Absent: nothing was overdue yet.
CREATE TABLE ladder (
    account_id BIGINT PRIMARY KEY,
    next_on BIGINT NOT NULL,
    stands_on TEXT NOT NULL,
    changed_on BIGINT NOT NULL
);
CREATE INDEX ladder_due ON ladder (next_on, account_id);
-- One timeline for each account. bill_no: the debt a step belongs to (the oldest one for steps of the account). state: due, done, held,
-- failed (a notice that did not arrive), withdrawn.
CREATE TABLE ladder_step (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    round BIGINT NOT NULL,
    state TEXT NOT NULL,
    due_on BIGINT NOT NULL,
    done_on BIGINT,
    notice_no BIGINT,
    why TEXT,
    rules TEXT NOT NULL,
    PRIMARY KEY (account_id, bill_no, kind, round)
)/*clustered*/;
-- 暂缓: dispute, complaint, suspected_reading, plan, promise, bankruptcy, protection. bill_no 0: every debt of the account.
CREATE TABLE hold (
    account_id BIGINT NOT NULL,
    hold_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    bill_no BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL DEFAULT 99991231,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    set_by TEXT NOT NULL,
    released_by TEXT,
    released_on BIGINT,
    release_reason TEXT,
    PRIMARY KEY (account_id, hold_no)
)/*clustered*/;
-- 分期付款计划, 付款承诺. kind: plan, promise. state: running, kept, broken, cancelled. bills: their numbers with commas between.
-- after_allocation: the last allocation of the account before it was agreed; what came later counts.
CREATE TABLE payment_plan (
    account_id BIGINT NOT NULL,
    plan_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    bills TEXT NOT NULL,
    agreed_on BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    state TEXT NOT NULL,
    agreed_how TEXT NOT NULL,
    agreed_by TEXT NOT NULL,
    approved_by TEXT,
    evidence_no BIGINT,
    hold_no BIGINT,
    after_allocation BIGINT NOT NULL DEFAULT 0,
    ended_on BIGINT,
    ended_why TEXT,
    PRIMARY KEY (account_id, plan_no)
)/*clustered*/;
CREATE INDEX payment_plan_running ON payment_plan (account_id) WHERE state = 'running';
CREATE TABLE plan_part (
    account_id BIGINT NOT NULL,
    plan_no BIGINT NOT NULL,
    part_no BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (account_id, plan_no, part_no)
)/*clustered*/;
CREATE INDEX plan_part_by_day ON plan_part (due_on, account_id);

-- disconnection -------------------------------------------------------------------------------------------------------
-- 停电流程: one for each intended cut. state: proposed, approved, served, cut, restored, closed. round: how often the stop-plan notice went out.
-- step_round: the round of the step of the ladder that asked for it; 0 when a person did. next_on: when the stage has to look at it.
CREATE TABLE cut_case (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    step_round BIGINT NOT NULL,
    state TEXT NOT NULL,
    proposed_on BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT,
    approved_on BIGINT,
    round BIGINT NOT NULL,
    notice_no BIGINT,
    served_on BIGINT,
    window_from BIGINT,
    window_to BIGINT,
    next_on BIGINT NOT NULL,
    closed_on BIGINT,
    outcome TEXT,
    rules TEXT NOT NULL,
    PRIMARY KEY (account_id, case_no)
)/*clustered*/;
CREATE INDEX cut_case_live ON cut_case (next_on, account_id) WHERE closed_on IS NULL;
-- The debts that a case rests on, with what was open when it was last looked at.
CREATE TABLE cut_case_bill (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    open_fen BIGINT NOT NULL,
    PRIMARY KEY (account_id, case_no, bill_no)
)/*clustered*/;
CREATE INDEX ladder_step_stop_plan ON ladder_step (due_on, account_id) WHERE kind = 'stop_plan' AND state = 'due';
-- What the gates ask for on paper. kind: talk, posting, authority_copy, authority_approval, protection_decision, others_supplied.
CREATE TABLE cut_document (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    document_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    evidence_no BIGINT,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, case_no, document_no)
)/*clustered*/;
-- 停电前通知: the last call, stamped with its outcome (reached, answered_by_other, no_answer, refused).
CREATE TABLE final_call (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    call_no BIGINT NOT NULL,
    called_at BIGINT NOT NULL,
    told_cut_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    called_by TEXT NOT NULL,
    evidence_no BIGINT,
    PRIMARY KEY (account_id, case_no, call_no)
)/*clustered*/;
-- 停电许可: made only where every gate held; good for one operation. state: live, consumed, revoked, expired. entry_no: the books it was made on;
-- any later entry of the account ends it.
CREATE TABLE warrant (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    warrant_no BIGINT NOT NULL,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    gates TEXT NOT NULL,
    rules TEXT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT,
    PRIMARY KEY (account_id, case_no, warrant_no)
)/*clustered*/;
CREATE INDEX warrant_live ON warrant (expires_at, account_id) WHERE state = 'live';
-- 停复电操作. kind: cut, restore. channel: field, remote. state: ordered, done, failed, cancelled, confirm_at_meter, doubtful (nobody knows
-- whether the relay did it). due_at: the promise to restore.
CREATE TABLE operation (
    account_id BIGINT NOT NULL,
    operation_no BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    warrant_no BIGINT,
    ordered_at BIGINT NOT NULL,
    ordered_by TEXT NOT NULL,
    due_at BIGINT,
    done_at BIGINT,
    done_by TEXT,
    detail TEXT,
    evidence_no BIGINT,
    PRIMARY KEY (account_id, operation_no)
)/*clustered*/;
CREATE INDEX operation_open ON operation (account_id, case_no) WHERE state IN ('ordered', 'confirm_at_meter', 'doubtful');
-- 临时禁停: what somebody declared for a time, such as extreme heat; org_id 0 is the whole company.
CREATE TABLE declared_window (
    window_no BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL,
    reason TEXT NOT NULL,
    declared_by TEXT NOT NULL
);

-- evidence ------------------------------------------------------------------------------------------------------------
-- 证据: a chain for each account; hash covers every other value and the hash before. subject: what it proves, such as notice:3.
CREATE TABLE evidence (
    account_id BIGINT NOT NULL,
    evidence_no BIGINT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    strength TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    place TEXT,
    made_by TEXT NOT NULL,
    signer TEXT,
    signer_role TEXT,
    witness TEXT,
    address TEXT,
    designated_on BIGINT,
    reference TEXT,
    outcome TEXT,
    paper_named BIGINT NOT NULL,
    notarised BIGINT NOT NULL,
    note TEXT,
    retention TEXT NOT NULL,
    rules TEXT NOT NULL,
    file_hash TEXT,
    file_name TEXT,
    media_type TEXT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account_id, evidence_no)
)/*clustered*/;
CREATE INDEX evidence_by_subject ON evidence (account_id, subject);
CREATE TABLE evidence_file (
    account_id BIGINT NOT NULL,
    file_hash TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (account_id, file_hash)
);
-- 存证锚点: at the end of a day one digest over the last hash of every chain that grew; anchors are chained too.
CREATE TABLE evidence_anchor (
    anchored_on BIGINT PRIMARY KEY,
    chains BIGINT NOT NULL,
    digest TEXT NOT NULL,
    previous TEXT NOT NULL
);
-- The chains under an anchor, each up to a number.
CREATE TABLE evidence_anchor_chain (
    account_id BIGINT NOT NULL,
    anchored_on BIGINT NOT NULL,
    evidence_no BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (account_id, anchored_on)
)/*clustered*/;
CREATE INDEX evidence_anchor_chain_by_day ON evidence_anchor_chain (anchored_on, account_id);
-- Chains that grew since they were last anchored, with their last number.
CREATE TABLE evidence_unanchored (
    account_id BIGINT PRIMARY KEY,
    evidence_no BIGINT NOT NULL
);

-- legal ---------------------------------------------------------------------------------------------------------------
-- 诉讼时效: the clock of each debt, recomputed from its events; next_on is the next day that somebody has to know about.
CREATE TABLE limitation (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    base_on BIGINT NOT NULL,
    expires_on BIGINT NOT NULL,
    long_stop_on BIGINT NOT NULL,
    alerted_days BIGINT,
    next_on BIGINT NOT NULL,
    computed_on BIGINT NOT NULL,
    rules TEXT NOT NULL,
    PRIMARY KEY (account_id, bill_no)
)/*clustered*/;
CREATE INDEX limitation_due ON limitation (next_on, account_id);
-- What interrupts and is in no other table; bill_no 0: every debt of the account.
CREATE TABLE limitation_event (
    account_id BIGINT NOT NULL,
    event_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    effective_on BIGINT NOT NULL,
    evidence_no BIGINT,
    note TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, event_no)
)/*clustered*/;
-- kind: letter, payment_order, suit, outside_suit, bankruptcy_claim. state: proposed, approved, sent, filed, decided, closed.
CREATE TABLE legal_case (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_on BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    approved_by TEXT,
    approved_on BIGINT,
    claim_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    notice_no BIGINT,
    counsel TEXT,
    court TEXT,
    court_ref TEXT,
    term_on BIGINT,
    next_on BIGINT NOT NULL,
    closed_on BIGINT,
    outcome TEXT,
    rules TEXT NOT NULL,
    PRIMARY KEY (account_id, case_no)
)/*clustered*/;
CREATE INDEX legal_case_live ON legal_case (next_on, account_id) WHERE closed_on IS NULL;
CREATE TABLE legal_case_bill (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    PRIMARY KEY (account_id, case_no, bill_no)
)/*clustered*/;
CREATE TABLE legal_step (
    account_id BIGINT NOT NULL,
    case_no BIGINT NOT NULL,
    step_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    note TEXT NOT NULL,
    evidence_no BIGINT,
    noted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, case_no, step_no)
)/*clustered*/;
-- 担保: kind: general_guarantee, joint_guarantee, maximum_guarantee, pledge, mortgage.
CREATE TABLE security (
    account_id BIGINT NOT NULL,
    security_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    giver TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL,
    bills TEXT,
    evidence_no BIGINT,
    noted_by TEXT NOT NULL,
    released_on BIGINT,
    PRIMARY KEY (account_id, security_no)
)/*clustered*/;
-- 破产: filed claims have their own legal_case.
CREATE TABLE insolvency (
    account_id BIGINT NOT NULL,
    insolvency_no BIGINT NOT NULL,
    accepted_on BIGINT NOT NULL,
    claims_until BIGINT NOT NULL,
    court TEXT NOT NULL,
    administrator TEXT,
    evidence_no BIGINT,
    noted_by TEXT NOT NULL,
    ended_on BIGINT,
    PRIMARY KEY (account_id, insolvency_no)
)/*clustered*/;
-- 账销案存: taken off the books with approval, pursued all the same. payment_no: the payment of channel write_off that took it off.
CREATE TABLE write_off (
    account_id BIGINT NOT NULL,
    write_off_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    payment_no BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fee_fen BIGINT NOT NULL,
    recovered_fen BIGINT NOT NULL,
    recovered_fee_fen BIGINT NOT NULL,
    ground TEXT NOT NULL,
    evidence_no BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, write_off_no)
)/*clustered*/;
-- What the clocks of limitation look at: demands by the moment of their arrival, plans by the day they were agreed.
CREATE INDEX notice_demand_served ON notice (served_at, account_id) WHERE state = 'served' AND kind IN ('demand', 'stop_plan', 'lawyer_letter');
CREATE INDEX payment_plan_agreed ON payment_plan (agreed_on, account_id);
