-- Service: what many customers speak of.

-- 突出、集中问题. found_by, request, state: words. org_id: the unit that has it. district_id: of a burst in one transformer district. since_on: when it came into
-- its state. measure_on, plan_until: of its plan. due_on: by when the next step is due. level: how far it was told. follows: the ended one that came back.
CREATE TABLE problem (
    problem_id BIGINT PRIMARY KEY,
    found_by TEXT NOT NULL,
    title TEXT NOT NULL,
    request TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    district_id BIGINT,
    owner TEXT,
    state TEXT NOT NULL,
    found_on BIGINT NOT NULL,
    since_on BIGINT NOT NULL,
    measure_on BIGINT,
    plan_until BIGINT,
    due_on BIGINT,
    level BIGINT NOT NULL,
    people BIGINT NOT NULL,
    tickets BIGINT NOT NULL,
    score BIGINT NOT NULL,
    first_on BIGINT NOT NULL,
    last_on BIGINT NOT NULL,
    follows BIGINT,
    ended_on BIGINT
);
CREATE INDEX problem_open ON problem (due_on) WHERE ended_on IS NULL;
-- Its tickets; a ticket is in one problem.
CREATE TABLE problem_ticket (
    account_id BIGINT NOT NULL,
    ticket_no BIGINT NOT NULL,
    problem_id BIGINT NOT NULL,
    placed_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, ticket_no)
)/*clustered*/;
CREATE INDEX problem_ticket_of ON problem_ticket (problem_id);
-- What was done about it, numbered within the problem.
CREATE TABLE problem_event (
    problem_id BIGINT NOT NULL,
    event_no BIGINT NOT NULL,
    deed TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    noted_by TEXT NOT NULL,
    said TEXT NOT NULL,
    org_id BIGINT,
    PRIMARY KEY (problem_id, event_no)
)/*clustered*/;
-- 原因线索: what its accounts share more often than all accounts do, as it was counted when it last grew.
CREATE TABLE problem_cause (
    problem_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    inside BIGINT NOT NULL,
    inside_of BIGINT NOT NULL,
    among BIGINT NOT NULL,
    among_of BIGINT NOT NULL,
    PRIMARY KEY (problem_id, place)
)/*clustered*/;
