-- Operations of the house: days that were asked for, the log of every change, rule files of the site, events for other systems.
-- Moments here are the machine's: milliseconds since 1970.

-- day -----------------------------------------------------------------------------------------------------------------
-- 营业日运行: a day that somebody asked a server to run. worker: the process that runs it; seen_at: its last sign of life.
CREATE TABLE day_request (
    run_on BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    worker TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    stop_by TEXT,
    failure TEXT
);
CREATE INDEX task_by_opening ON task (opened_on, kind, account_id, subject);

-- audit ---------------------------------------------------------------------------------------------------------------
-- 操作日志: every request that changed something, with what was there before and after. change_no grows with the time.
CREATE TABLE change_log (
    change_no BIGINT PRIMARY KEY,
    recorded_at BIGINT NOT NULL,
    happened_on BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    who TEXT NOT NULL,
    operation TEXT NOT NULL,
    target TEXT NOT NULL,
    digest TEXT NOT NULL,
    before_value TEXT,
    after_value TEXT
)/*clustered*/;
CREATE INDEX change_log_by_account ON change_log (account_id, change_no);
CREATE INDEX change_log_by_who ON change_log (who, change_no);
CREATE INDEX audit_by_time ON audit (recorded_at, account_id, audit_no);
CREATE INDEX look_by_time ON look (recorded_at, account_id, who, what);

-- 修改锁: who edits a resource holds its row until he has written.
CREATE TABLE edit_lock (
    path TEXT PRIMARY KEY,
    edits BIGINT NOT NULL
);

-- rulebook ------------------------------------------------------------------------------------------------------------
-- 规则变更: a rule file of the site as somebody proposed it; another person puts it in force. body NULL: the file is taken away.
CREATE TABLE rule_proposal (
    proposal_no BIGINT PRIMARY KEY,
    path TEXT NOT NULL,
    body TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_on BIGINT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    note TEXT,
    replaced_body TEXT
);
CREATE INDEX rule_proposal_by_state ON rule_proposal (state, proposal_no);

-- webhooks ------------------------------------------------------------------------------------------------------------
-- 推送端点: where another system is told. events: words with spaces between. secret: the shared secret, or env:NAME.
CREATE TABLE webhook (
    webhook_no BIGINT PRIMARY KEY,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    failures BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
-- 推送事件: a fact that other systems are told, written with the fact. event_key names the fact, once.
CREATE TABLE webhook_event (
    account_id BIGINT NOT NULL,
    event_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    payload TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, event_key)
)/*clustered*/;
CREATE TABLE webhook_delivery (
    account_id BIGINT NOT NULL,
    event_key TEXT NOT NULL,
    webhook_no BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, event_key, webhook_no)
)/*clustered*/;
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at, webhook_no, account_id, event_key) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_of ON webhook_delivery (webhook_no, state, next_at);
CREATE TABLE webhook_attempt (
    account_id BIGINT NOT NULL,
    event_key TEXT NOT NULL,
    webhook_no BIGINT NOT NULL,
    attempt_no BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    status BIGINT NOT NULL,
    failure TEXT,
    PRIMARY KEY (account_id, event_key, webhook_no, attempt_no)
)/*clustered*/;

-- access --------------------------------------------------------------------------------------------------------------
-- 统一认证: a sign-in at the identity provider that has begun. Only the SHA-256 of its state is kept.
CREATE TABLE oidc_flow (
    state_hash TEXT PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    begun_at BIGINT NOT NULL
);
CREATE INDEX oidc_flow_by_age ON oidc_flow (begun_at);
