-- 核销申请: what one person asks for and another decides. state: open, approved, rejected.
CREATE TABLE write_off_request (
    account_id BIGINT NOT NULL,
    request_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    ground TEXT NOT NULL,
    evidence_no BIGINT NOT NULL,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_on BIGINT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    note TEXT NOT NULL,
    write_off_no BIGINT,
    PRIMARY KEY (account_id, request_no)
)/*clustered*/;
