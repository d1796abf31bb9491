-- Lists of notices over all accounts, and what one person asks for and another decides.

CREATE INDEX notice_by_day ON notice (decided_on, account_id, notice_no);
CREATE INDEX notice_failed ON notice (decided_on, account_id, notice_no) WHERE state = 'failed';

-- 审批申请: kind: waiver, plan. body: JSON of what is asked for. state: open, approved, rejected. result_no: the waiver or plan.
CREATE TABLE approval_request (
    account_id BIGINT NOT NULL,
    request_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_on BIGINT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    note TEXT,
    result_no BIGINT,
    PRIMARY KEY (account_id, request_no)
)/*clustered*/;
CREATE INDEX approval_request_by_day ON approval_request (asked_on, account_id, request_no);
