-- People and sessions: who signs in, for how long, what he looked at, and answers that are given twice.
-- Moments here are the machine's: milliseconds since 1970.

-- access --------------------------------------------------------------------------------------------------------------
-- 登录: named by the staff code; an administrator may be nobody of the staff list. failures: wrong passwords in a row.
CREATE TABLE login (
    name TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    disabled_on BIGINT,
    made_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
-- 会话: only the SHA-256 of the token is kept.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    name TEXT NOT NULL REFERENCES login (name),
    csrf TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX session_by_name ON session (name);
CREATE INDEX session_by_end ON session (ends_at);
-- 接口令牌: for another system, acting as a login with a part of its permissions (words with spaces between).
CREATE TABLE api_token (
    token_no BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL REFERENCES login (name),
    purpose TEXT NOT NULL,
    permissions TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL,
    revoked_on BIGINT
);
-- 幂等键: the answer that was given, so that the same request again gets it again. status 0: the work is running.
CREATE TABLE idempotency (
    name TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (name, idempotency_key)
)/*clustered*/;
CREATE INDEX idempotency_by_age ON idempotency (recorded_at);

-- audit ---------------------------------------------------------------------------------------------------------------
-- 查看记录: who looked at whose personal data in full. account_id 0: a search, with what was searched for.
CREATE TABLE look (
    account_id BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, recorded_at, who, what)
)/*clustered*/;

-- What a person's home and lists of work show: open tasks of a role, of one kind or of all, by their day.
CREATE INDEX task_by_kind ON task (owner_role, kind, COALESCE(due_on, 99991231), account_id, subject) WHERE state = 'open';
CREATE INDEX task_by_day ON task (owner_role, COALESCE(due_on, 99991231), account_id, kind, subject) WHERE state = 'open';
CREATE INDEX account_by_org ON account (org_id, account_id);
