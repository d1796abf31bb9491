-- Money that comes through a payment provider, and refunds that wait for a second person. Moments are the machine's: milliseconds since 1970.

-- payments ------------------------------------------------------------------------------------------------------------
-- 支付单: an amount that somebody asked to pay for bills of an account. token: what the QR code and the provider carry. bills: numbers with
-- spaces between; empty for the account as a whole. state: open, paid, cancelled; open past expires_at is expired. payment_no: of state paid.
CREATE TABLE payment_intent (
    account_id BIGINT NOT NULL,
    intent_no BIGINT NOT NULL,
    token TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    bills TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    payment_no BIGINT,
    PRIMARY KEY (account_id, intent_no)
)/*clustered*/;
CREATE UNIQUE INDEX payment_intent_by_token ON payment_intent (token);
-- 支付通知: money that the provider told of, once for each id of its own. outcome: paid (the intent), late, again (the intent was paid
-- or cancelled before), suspense (another amount, or no intent of ours). account_id 0: in suspense, as line 1 of the bank file `pay:<id>`.
CREATE TABLE provider_payment (
    provider_id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    paid_on BIGINT NOT NULL,
    digest TEXT NOT NULL,
    outcome TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    intent_no BIGINT,
    payment_no BIGINT,
    recorded_at BIGINT NOT NULL
)/*clustered*/;
CREATE INDEX provider_payment_by_account ON provider_payment (account_id, intent_no);
-- 退费申请: a refund that one person asks for and another decides. state: waiting, paid, rejected. refund_no: of state paid.
CREATE TABLE refund_request (
    account_id BIGINT NOT NULL,
    request_no BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    note TEXT,
    refund_no BIGINT,
    PRIMARY KEY (account_id, request_no)
)/*clustered*/;
CREATE INDEX refund_request_by_state ON refund_request (state, asked_on);
