-- Service: what customers ask for, and what was done about it.

-- service -------------------------------------------------------------------------------------------------------------
-- The last number of an account's tickets; account 0: those of no account. Its row is the lock of a new ticket.
CREATE TABLE ticket_counter (
    account_id BIGINT PRIMARY KEY,
    last_no BIGINT NOT NULL
);
-- 95598工单. account_id 0: of no account. request, area, state, source: words. org_id and owner: who has it now. about: what it concerns, such
-- as 'bill:3 cut:1', with spaces between. next_at: when a clock of it runs short; 99991231235959 when none does. level: how far it was escalated.
-- source_ref: the number that the source gave; one ticket for each.
CREATE TABLE ticket (
    account_id BIGINT NOT NULL,
    ticket_no BIGINT NOT NULL,
    request TEXT NOT NULL,
    area TEXT,
    topic TEXT NOT NULL,
    source TEXT NOT NULL,
    source_ref TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    owner TEXT,
    caller TEXT NOT NULL,
    phone TEXT NOT NULL,
    place TEXT NOT NULL,
    said TEXT NOT NULL,
    about TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    accepted_by TEXT NOT NULL,
    state TEXT NOT NULL,
    level BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (account_id, ticket_no)
)/*clustered*/;
CREATE INDEX ticket_due ON ticket (next_at, account_id) WHERE ended_at IS NULL;
CREATE INDEX ticket_open ON ticket (org_id, accepted_at) WHERE ended_at IS NULL;
CREATE INDEX ticket_by_day ON ticket (accepted_at, account_id, ticket_no);
CREATE INDEX ticket_by_source ON ticket (source, source_ref) WHERE source_ref <> '';
-- 处理记录, numbered within the ticket. key: an escalation is told once.
CREATE TABLE ticket_event (
    account_id BIGINT NOT NULL,
    ticket_no BIGINT NOT NULL,
    event_no BIGINT NOT NULL,
    deed TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    noted_by TEXT NOT NULL,
    said TEXT NOT NULL,
    org_id BIGINT,
    owner TEXT,
    satisfaction TEXT,
    pause TEXT,
    once_key TEXT,
    PRIMARY KEY (account_id, ticket_no, event_no)
)/*clustered*/;
