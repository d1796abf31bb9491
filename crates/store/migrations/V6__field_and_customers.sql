-- Deeds that were done in the field without a line, and customers who look after their accounts themselves.
-- Moments named _at are the machine's: milliseconds since 1970; happened_at is local.

-- field ---------------------------------------------------------------------------------------------------------------
-- 现场作业: a deed as a phone sent it and what it was answered, so that the same deed again gets the same answer. account_id 0: of no
-- known account. outcome: done, refused.
CREATE TABLE field_deed (
    account_id BIGINT NOT NULL,
    who TEXT NOT NULL,
    deed_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    place TEXT,
    outcome TEXT NOT NULL,
    answer TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, who, deed_id)
)/*clustered*/;
CREATE UNIQUE INDEX field_deed_by_id ON field_deed (who, deed_id);

-- access --------------------------------------------------------------------------------------------------------------
-- 验证码: sent to a contact of a customer, to sign in or to prove a new contact. Only its Argon2id is kept; message holds the text until
-- it has left. state: open, used, locked, replaced. sending: queued, handing, sent, failed.
CREATE TABLE access_code (
    account_id BIGINT NOT NULL,
    code_no BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    sending TEXT NOT NULL,
    PRIMARY KEY (account_id, code_no)
)/*clustered*/;
CREATE INDEX access_code_queued ON access_code (made_at, account_id, code_no) WHERE sending = 'queued';
-- 客户会话: of a customer, for all of his accounts. Only the SHA-256 of the token is kept.
CREATE TABLE customer_session (
    token_hash TEXT PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    account_no TEXT NOT NULL,
    csrf TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX customer_session_by_end ON customer_session (ends_at);
