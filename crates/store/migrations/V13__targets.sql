-- Targets: what a period is to bring in, who answers for it, what came of it; appraisals and bonuses.

-- 催费责任人: who answers for the money of a route from a day on; where nobody is named, its reader does.
CREATE TABLE route_charge (
    route_id BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (route_id, from_on)
)/*clustered*/;
-- 回收指标 of a unit and a period, once each. period: 2026-08, 2026-Q3, 2026. method: weights, expected. state: draft, confirmed, closed.
-- rules: ids with commas between.
CREATE TABLE target (
    target_no BIGINT PRIMARY KEY,
    period TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    method TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    state TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    confirmed_by TEXT,
    confirmed_on BIGINT,
    closed_on BIGINT,
    rules TEXT NOT NULL
);
CREATE UNIQUE INDEX target_by_period ON target (period, org_id);
-- 指标节点: a unit (staff_id NULL, is_person 0), a person below it, or what nobody answers for (staff_id NULL, is_person 1). fixed: set by hand
-- or agreed to, so that a correction elsewhere leaves it.
CREATE TABLE target_node (
    target_no BIGINT NOT NULL,
    node_no BIGINT NOT NULL,
    parent_no BIGINT,
    org_id BIGINT NOT NULL,
    staff_id BIGINT,
    is_person BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    fixed BIGINT NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_on BIGINT NOT NULL,
    PRIMARY KEY (target_no, node_no)
)/*clustered*/;
CREATE INDEX target_node_by_staff ON target_node (staff_id, target_no) WHERE staff_id IS NOT NULL;
-- What came of each node, kept when the period was closed.
CREATE TABLE target_result (
    target_no BIGINT NOT NULL,
    node_no BIGINT NOT NULL,
    receivable_fen BIGINT NOT NULL,
    receivable_prior_fen BIGINT NOT NULL,
    received_fen BIGINT NOT NULL,
    received_prior_fen BIGINT NOT NULL,
    PRIMARY KEY (target_no, node_no)
)/*clustered*/;
-- 员工考核 of a month. record: JSON of what was done; the score derives from it and from the rule. score, decided: hundredths of a point.
-- state: open, disputed, decided.
CREATE TABLE appraisal (
    month BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    record TEXT NOT NULL,
    score BIGINT NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    decided BIGINT,
    decided_by TEXT,
    decided_on BIGINT,
    PRIMARY KEY (month, staff_id)
)/*clustered*/;
CREATE INDEX appraisal_by_staff ON appraisal (staff_id, month);
-- deed: comment, dispute, decide.
CREATE TABLE appraisal_event (
    month BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    event_no BIGINT NOT NULL,
    deed TEXT NOT NULL,
    said TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_on BIGINT NOT NULL,
    PRIMARY KEY (month, staff_id, event_no)
)/*clustered*/;
-- 奖金表 of a target's period. state: draft, approved, rejected, frozen.
CREATE TABLE bonus_sheet (
    sheet_no BIGINT PRIMARY KEY,
    target_no BIGINT NOT NULL REFERENCES target (target_no),
    org_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    total_fen BIGINT NOT NULL,
    rule TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    reason TEXT NOT NULL,
    frozen_by TEXT,
    frozen_on BIGINT
);
CREATE INDEX bonus_sheet_by_target ON bonus_sheet (target_no);
-- worth_fen: by the rule; amount_fen: within the pool of the sheet.
CREATE TABLE bonus_line (
    sheet_no BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    record TEXT NOT NULL,
    worth_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (sheet_no, staff_id)
)/*clustered*/;
