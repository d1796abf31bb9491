-- The money path: registry, metering, billing, payments, ledger, the day.
-- BIGINT: whole numbers, 0/1, raw quantities, dates yyyymmdd, months yyyymm, moments in ms since 1970. An open end is 99991231.
-- Account-owned tables begin their key with account_id; ids are given by the application. `/*clustered*/` keeps rows in key order.

CREATE TABLE site (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- registry ------------------------------------------------------------------------------------------------------------
CREATE TABLE org (
    org_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent_id BIGINT REFERENCES org (org_id)
);
CREATE TABLE staff (
    staff_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    role TEXT NOT NULL,
    phone TEXT,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL DEFAULT 99991231
);
CREATE TABLE customer (
    customer_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity_no TEXT,
    industry TEXT
);
CREATE TABLE district (
    district_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    feeder TEXT,
    capacity BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE estate (
    estate_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    households BIGINT NOT NULL,
    property_company TEXT,
    developer TEXT
);
CREATE TABLE account (
    account_id BIGINT PRIMARY KEY,
    account_no TEXT NOT NULL UNIQUE,
    customer_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    route_id BIGINT NOT NULL,
    district_id BIGINT,
    estate_id BIGINT,
    address TEXT NOT NULL,
    importance TEXT NOT NULL DEFAULT 'ordinary',
    protection TEXT,
    opened_on BIGINT NOT NULL,
    closed_on BIGINT NOT NULL DEFAULT 99991231
);
CREATE INDEX account_by_route ON account (route_id, account_id);
CREATE INDEX account_by_customer ON account (customer_id);

-- Versions of what decides the price; `extras` is JSON of the rare parts (losses, fixed parts).
CREATE TABLE supply_terms (
    account_id BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL DEFAULT 99991231,
    category TEXT NOT NULL,
    voltage TEXT NOT NULL,
    scheme TEXT NOT NULL,
    time_of_use BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    contract_demand BIGINT NOT NULL,
    pf_standard TEXT NOT NULL,
    persons BIGINT NOT NULL,
    minimum_fen BIGINT NOT NULL,
    extras TEXT,
    PRIMARY KEY (account_id, from_on)
)/*clustered*/;
CREATE TABLE contract (
    account_id BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL DEFAULT 99991231,
    contract_no TEXT NOT NULL,
    due_rule TEXT,
    late_fee_clause BIGINT NOT NULL,
    late_fee_rate BIGINT,
    cross_year_mode TEXT,
    allocation TEXT,
    instalments TEXT,
    guarantee TEXT,
    PRIMARY KEY (account_id, from_on)
)/*clustered*/;
CREATE TABLE contact (
    account_id BIGINT NOT NULL,
    contact_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    preferred BIGINT NOT NULL DEFAULT 0,
    verified_on BIGINT,
    verified_how TEXT,
    consent BIGINT NOT NULL DEFAULT 0,
    until_on BIGINT NOT NULL DEFAULT 99991231,
    PRIMARY KEY (account_id, contact_no)
)/*clustered*/;
CREATE INDEX contact_by_value ON contact (value);
CREATE TABLE meter (
    meter_id BIGINT PRIMARY KEY,
    meter_no TEXT NOT NULL UNIQUE,
    model TEXT,
    digits BIGINT NOT NULL,
    rated_current TEXT
);
CREATE TABLE metering_point (
    account_id BIGINT NOT NULL,
    point_no BIGINT NOT NULL,
    relation TEXT NOT NULL DEFAULT 'main',
    address TEXT,
    PRIMARY KEY (account_id, point_no)
)/*clustered*/;
-- multiplier is the product CT × PT × meter constant in millionths.
CREATE TABLE installation (
    account_id BIGINT NOT NULL,
    installation_no BIGINT NOT NULL,
    point_no BIGINT NOT NULL,
    meter_id BIGINT NOT NULL,
    installed_on BIGINT NOT NULL,
    removed_on BIGINT NOT NULL DEFAULT 99991231,
    ct TEXT,
    pt TEXT,
    multiplier BIGINT NOT NULL,
    digits BIGINT NOT NULL,
    PRIMARY KEY (account_id, installation_no)
)/*clustered*/;
CREATE INDEX installation_by_meter ON installation (meter_id);
CREATE TABLE import_file (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    rows_kept BIGINT NOT NULL,
    imported_on BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);

-- metering ------------------------------------------------------------------------------------------------------------
CREATE TABLE route (
    route_id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    reader_id BIGINT,
    verifier_id BIGINT,
    read_day BIGINT NOT NULL,
    cycle_months BIGINT NOT NULL DEFAULT 1,
    first_month BIGINT NOT NULL
);
CREATE TABLE reading_order (
    route_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    expected BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    missed BIGINT NOT NULL,
    closed_on BIGINT,
    PRIMARY KEY (route_id, month)
)/*clustered*/;
CREATE INDEX reading_order_open ON reading_order (route_id, due_on) WHERE state = 'open';
-- One row per meter and reading day; registers in 0.0001 of their unit before the multiplier. A correction makes a new
-- version and takes `is_current` from the old one. source: install, remove, remote, field, customer, provisional.
CREATE TABLE reading (
    account_id BIGINT NOT NULL,
    read_on BIGINT NOT NULL,
    installation_no BIGINT NOT NULL,
    version BIGINT NOT NULL,
    is_current BIGINT NOT NULL DEFAULT 1,
    total BIGINT NOT NULL,
    sharp BIGINT,
    peak BIGINT,
    flat BIGINT,
    valley BIGINT,
    deep BIGINT,
    reactive_forward BIGINT,
    reactive_reverse BIGINT,
    max_demand BIGINT,
    source TEXT NOT NULL,
    taken_at BIGINT,
    taken_by BIGINT,
    PRIMARY KEY (account_id, read_on, installation_no, version)
)/*clustered*/;
CREATE INDEX reading_field ON reading (read_on) WHERE source = 'field';

-- billing -------------------------------------------------------------------------------------------------------------
-- What the next bill of an account needs at hand: where it stands and how it used to be.
CREATE TABLE billing_state (
    account_id BIGINT PRIMARY KEY,
    next_bill_no BIGINT NOT NULL,
    billed_to BIGINT NOT NULL,
    tier_year BIGINT NOT NULL,
    tier_used BIGINT NOT NULL,
    provisional_runs BIGINT NOT NULL,
    zero_runs BIGINT NOT NULL,
    history BYTEA
);
CREATE TABLE rule_set (rule_set_id BIGINT PRIMARY KEY, rules TEXT NOT NULL);
-- Never changed after it is written: a bill is released by its receivable and taken back by a bill that reverses it.
CREATE TABLE bill (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    month BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_on BIGINT NOT NULL,
    to_on BIGINT NOT NULL,
    calculated_on BIGINT NOT NULL,
    active BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    funds_fen BIGINT NOT NULL,
    category TEXT NOT NULL,
    rule_set_id BIGINT NOT NULL,
    facts TEXT NOT NULL,
    corrects_no BIGINT,
    prepared_by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (account_id, bill_no)
)/*clustered*/;
CREATE TABLE bill_line (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    item TEXT NOT NULL,
    band TEXT,
    tier BIGINT NOT NULL,
    unit TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    price BIGINT NOT NULL,
    share TEXT,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_no, line_no)
)/*clustered*/;
-- 待发行: bills that are calculated and not yet released, with what the release needs; the release takes the row away. state: ready, held (by
-- verification), approved (by the second person), rejected.
CREATE TABLE pending_bill (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    state TEXT NOT NULL,
    codes TEXT NOT NULL,
    calculated_on BIGINT NOT NULL,
    month BIGINT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    funds_fen BIGINT NOT NULL,
    prepared_by TEXT NOT NULL,
    decided_by TEXT,
    decided_on BIGINT,
    reason TEXT,
    PRIMARY KEY (account_id, bill_no)
)/*clustered*/;
-- 发行授权: a standing order of a manager to release bills without findings up to an amount.
CREATE TABLE standing_release (
    org_id BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL DEFAULT 99991231,
    granted_by TEXT NOT NULL,
    max_bill_fen BIGINT NOT NULL,
    PRIMARY KEY (org_id, from_on)
);

-- payments and ledger -------------------------------------------------------------------------------------------------
CREATE TABLE receivable (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    month BIGINT NOT NULL,
    category TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    open_fen BIGINT NOT NULL,
    released_on BIGINT NOT NULL,
    released_by TEXT NOT NULL,
    due_on BIGINT NOT NULL,
    settled_on BIGINT,
    PRIMARY KEY (account_id, bill_no)
)/*clustered*/;
CREATE INDEX receivable_open ON receivable (due_on, account_id) WHERE open_fen > 0;
CREATE INDEX receivable_credit ON receivable (account_id) WHERE open_fen < 0;
-- 违约金: what was booked of a debt's late fee so far; the running part is computed on demand.
CREATE TABLE late_fee (
    account_id BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    booked_fen BIGINT NOT NULL,
    open_fen BIGINT NOT NULL,
    waived_fen BIGINT NOT NULL,
    booked_to BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_no)
)/*clustered*/;
CREATE INDEX late_fee_credit ON late_fee (account_id) WHERE open_fen < 0;
CREATE TABLE entry (
    account_id BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    business_on BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    subject TEXT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (account_id, entry_no)
)/*clustered*/;
CREATE TABLE posting (
    account_id BIGINT NOT NULL,
    entry_no BIGINT NOT NULL,
    line_no BIGINT NOT NULL,
    gl TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (account_id, entry_no, line_no)
)/*clustered*/;
-- Kept beside the ledger and proven by verify.
CREATE TABLE balance (
    account_id BIGINT PRIMARY KEY,
    next_entry_no BIGINT NOT NULL,
    receivable_fen BIGINT NOT NULL,
    late_fee_fen BIGINT NOT NULL,
    prepaid_fen BIGINT NOT NULL
);
CREATE INDEX balance_prepaid ON balance (account_id) WHERE prepaid_fen > 0;
-- unused_fen: what of it is prepayment. amount = allocations + unused, for every row; the prepayment is the sum of unused_fen.
CREATE TABLE payment (
    account_id BIGINT NOT NULL,
    payment_no BIGINT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    unused_fen BIGINT NOT NULL,
    paid_on BIGINT NOT NULL,
    posted_on BIGINT NOT NULL,
    received_by TEXT NOT NULL,
    receipt_no TEXT,
    reverses_no BIGINT,
    reversed_on BIGINT,
    PRIMARY KEY (account_id, payment_no)
)/*clustered*/;
CREATE INDEX payment_by_day ON payment (posted_on, account_id);
CREATE TABLE payment_key (
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    payment_no BIGINT NOT NULL,
    PRIMARY KEY (channel, external_id)
)/*clustered*/;
-- kind: cost, energy, late_fee, or refund (bill_no is then the refund's number). effective_on is the day that counts for the
-- late fee; allocated_on is the business day on which it was decided.
CREATE TABLE allocation (
    account_id BIGINT NOT NULL,
    allocation_no BIGINT NOT NULL,
    payment_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    effective_on BIGINT NOT NULL,
    allocated_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, allocation_no)
)/*clustered*/;
-- kind: collection (the bank collected these payments) or statement (lines of our bank account).
CREATE TABLE bank_file (
    file_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    bank TEXT NOT NULL,
    statement_on BIGINT NOT NULL,
    rows_kept BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
);
-- state: posted (a payment was made of it), matched (a payment or line was there already), suspense, resolved, returned.
CREATE TABLE bank_line (
    file_id TEXT NOT NULL,
    line_no BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    account_no TEXT,
    payer TEXT,
    amount_fen BIGINT NOT NULL,
    value_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    account_id BIGINT,
    payment_no BIGINT,
    resolved_by TEXT,
    resolved_on BIGINT,
    PRIMARY KEY (file_id, line_no)
);
CREATE INDEX bank_line_by_state ON bank_line (state);
CREATE INDEX bank_line_by_payment ON bank_line (account_id, payment_no);
CREATE INDEX bank_line_by_external ON bank_line (external_id);
CREATE TABLE waiver (
    account_id BIGINT NOT NULL,
    waiver_no BIGINT NOT NULL,
    bill_no BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, waiver_no)
);
CREATE TABLE refund (
    account_id BIGINT NOT NULL,
    refund_no BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    paid_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, refund_no)
);
CREATE TABLE day_close (
    business_on BIGINT NOT NULL,
    scope TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    report TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (business_on, scope)
);

-- tasks, audit, the day -----------------------------------------------------------------------------------------------
-- The natural key makes a repeated finding the same task. account_id 0: of no account.
CREATE TABLE task (
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    codes TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL,
    owner_role TEXT NOT NULL,
    opened_on BIGINT NOT NULL,
    due_on BIGINT,
    resolution TEXT,
    resolved_by TEXT,
    resolved_on BIGINT,
    note TEXT,
    PRIMARY KEY (account_id, kind, subject)
)/*clustered*/;
CREATE INDEX task_open ON task (kind, account_id) WHERE state = 'open';
CREATE TABLE audit (
    account_id BIGINT NOT NULL,
    audit_no BIGINT NOT NULL,
    happened_on BIGINT NOT NULL,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    who TEXT NOT NULL,
    before_value TEXT,
    after_value TEXT,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, audit_no)
)/*clustered*/;
CREATE TABLE day_run (
    run_on BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    report TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE TABLE day_stage (
    run_on BIGINT NOT NULL,
    stage TEXT NOT NULL,
    shards BIGINT NOT NULL,
    PRIMARY KEY (run_on, stage)
);
CREATE TABLE day_shard (
    run_on BIGINT NOT NULL,
    stage TEXT NOT NULL,
    shard_no BIGINT NOT NULL,
    from_account BIGINT NOT NULL,
    to_account BIGINT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    parked BIGINT NOT NULL DEFAULT 0,
    amount_fen BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (run_on, stage, shard_no)
)/*clustered*/;
