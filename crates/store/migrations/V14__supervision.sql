-- Supervision: what the work's records give away and how it is put right; training. Outreach: articles and campaigns.

-- supervision ---------------------------------------------------------------------------------------------------------
-- The last number that was given, by name: finding, review, course, certificate, article, campaign. Its row is the lock of a new one.
CREATE TABLE supervision_counter (
    name TEXT PRIMARY KEY,
    last_no BIGINT NOT NULL
);
-- 问题. once_key: the same hit is found once. subject: the check, the item of the list, or empty. account_id 0: of no account. about: the record, such
-- as 'bill:3'. state, source, phase, severity: words. next_on: when somebody has to look at it again; 99991231 when nobody has to.
CREATE TABLE finding (
    finding_no BIGINT PRIMARY KEY,
    once_key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    phase TEXT NOT NULL,
    severity TEXT NOT NULL,
    rule TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    about TEXT NOT NULL,
    person TEXT,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    measured BIGINT NOT NULL,
    limit_value BIGINT NOT NULL,
    records BIGINT NOT NULL,
    said TEXT NOT NULL,
    said_en TEXT NOT NULL,
    evidence_no BIGINT,
    state TEXT NOT NULL,
    found_on BIGINT NOT NULL,
    found_by TEXT NOT NULL,
    next_on BIGINT NOT NULL,
    level BIGINT NOT NULL,
    ended_on BIGINT
);
CREATE INDEX finding_due ON finding (next_on, finding_no) WHERE ended_on IS NULL;
CREATE INDEX finding_by_person ON finding (person, subject, found_on);
-- 整改通知单: rounds of a finding. good: 1 when it was seen to be right, 0 when not.
CREATE TABLE rectification (
    finding_no BIGINT NOT NULL REFERENCES finding (finding_no),
    round BIGINT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    owner TEXT NOT NULL,
    wanted TEXT NOT NULL,
    ordered_on BIGINT NOT NULL,
    ordered_by TEXT NOT NULL,
    due_on BIGINT NOT NULL,
    told TEXT,
    told_on BIGINT,
    told_by TEXT,
    verify_by BIGINT,
    good BIGINT,
    verified_on BIGINT,
    verified_by TEXT,
    note TEXT,
    PRIMARY KEY (finding_no, round)
);
CREATE INDEX rectification_by_owner ON rectification (owner, due_on);
-- 协同事项: the part of another department.
CREATE TABLE finding_part (
    finding_no BIGINT NOT NULL REFERENCES finding (finding_no),
    part_no BIGINT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    owner TEXT NOT NULL,
    wanted TEXT NOT NULL,
    asked_on BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    due_on BIGINT NOT NULL,
    answer TEXT,
    done_on BIGINT,
    done_by TEXT,
    PRIMARY KEY (finding_no, part_no)
);
-- 处理记录. once_key: an escalation is told once.
CREATE TABLE finding_event (
    finding_no BIGINT NOT NULL REFERENCES finding (finding_no),
    event_no BIGINT NOT NULL,
    deed TEXT NOT NULL,
    happened_on BIGINT NOT NULL,
    noted_by TEXT NOT NULL,
    said TEXT NOT NULL,
    org_id BIGINT,
    once_key TEXT,
    PRIMARY KEY (finding_no, event_no)
);
-- 扣分与申诉. points: what was taken off; points_left: what stands of it now.
CREATE TABLE penalty (
    finding_no BIGINT PRIMARY KEY REFERENCES finding (finding_no),
    person TEXT NOT NULL,
    points BIGINT NOT NULL,
    points_left BIGINT NOT NULL,
    earlier BIGINT NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_on BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    appeal_by BIGINT NOT NULL,
    appeal TEXT,
    appealed_on BIGINT,
    answer_by BIGINT,
    answer TEXT,
    answered_on BIGINT,
    answered_by TEXT
);
CREATE INDEX penalty_by_person ON penalty (person, decided_on);
-- 专项稽查. whole: records of the period; person: only his, or NULL. seed: the same seed draws the same records.
CREATE TABLE review (
    review_no BIGINT PRIMARY KEY,
    list TEXT NOT NULL,
    rule TEXT NOT NULL,
    population TEXT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    person TEXT,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    size BIGINT NOT NULL,
    auditor TEXT NOT NULL,
    due_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    done_on BIGINT
);
CREATE TABLE review_sample (
    review_no BIGINT NOT NULL REFERENCES review (review_no),
    sample_no BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    about TEXT NOT NULL,
    person TEXT,
    draw_rank BIGINT NOT NULL,
    looked_on BIGINT,
    looked_by TEXT,
    note TEXT,
    PRIMARY KEY (review_no, sample_no)
);
CREATE TABLE review_answer (
    review_no BIGINT NOT NULL,
    sample_no BIGINT NOT NULL,
    item TEXT NOT NULL,
    answer TEXT NOT NULL,
    finding_no BIGINT,
    PRIMARY KEY (review_no, sample_no, item)
);
-- What the checks look at: records by their day.
CREATE INDEX reading_provisional ON reading (read_on) WHERE source = 'provisional';
CREATE INDEX waiver_by_day ON waiver (approved_on);
CREATE INDEX write_off_by_day ON write_off (approved_on);
CREATE INDEX bill_taken_back ON bill (calculated_on) WHERE corrects_no IS NOT NULL;
CREATE INDEX ticket_event_told_up ON ticket_event (happened_at) WHERE deed = 'escalate';
CREATE INDEX cut_case_same_person ON cut_case (approved_on) WHERE proposed_by = approved_by;

-- training ------------------------------------------------------------------------------------------------------------
-- 培训课程
CREATE TABLE course (
    course_no BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    about TEXT NOT NULL,
    hours BIGINT NOT NULL,
    made_on BIGINT NOT NULL,
    made_by TEXT NOT NULL
);
-- 培训班
CREATE TABLE course_session (
    course_no BIGINT NOT NULL REFERENCES course (course_no),
    session_no BIGINT NOT NULL,
    held_on BIGINT NOT NULL,
    place TEXT NOT NULL,
    teacher TEXT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (course_no, session_no)
);
CREATE INDEX course_session_by_day ON course_session (held_on);
-- 出勤与考试. score NULL: no test yet.
CREATE TABLE attendance (
    course_no BIGINT NOT NULL,
    session_no BIGINT NOT NULL,
    person TEXT NOT NULL,
    came BIGINT NOT NULL,
    score BIGINT,
    noted_on BIGINT NOT NULL,
    noted_by TEXT NOT NULL,
    certificate_no BIGINT,
    PRIMARY KEY (course_no, session_no, person)
);
CREATE INDEX attendance_by_person ON attendance (person);
-- 证书
CREATE TABLE certificate (
    certificate_no BIGINT PRIMARY KEY,
    course_no BIGINT NOT NULL REFERENCES course (course_no),
    session_no BIGINT NOT NULL,
    person TEXT NOT NULL,
    score BIGINT NOT NULL,
    pass_mark BIGINT NOT NULL,
    from_on BIGINT NOT NULL,
    until_on BIGINT NOT NULL,
    rule TEXT NOT NULL,
    given_by TEXT NOT NULL,
    revoked_on BIGINT,
    revoked_by TEXT,
    reason TEXT
);
CREATE INDEX certificate_by_person ON certificate (person, course_no);
CREATE INDEX certificate_by_end ON certificate (until_on) WHERE revoked_on IS NULL;

-- outreach ------------------------------------------------------------------------------------------------------------
-- 知识文章. version: the newest; published: the one that is read, 0 for none. review_on: when somebody has to look whether it is still right.
CREATE TABLE article (
    article_no BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    published BIGINT NOT NULL,
    review_on BIGINT,
    reviewed_on BIGINT,
    reviewed_by TEXT
);
CREATE INDEX article_due ON article (review_on) WHERE state = 'published';
CREATE TABLE article_version (
    article_no BIGINT NOT NULL REFERENCES article (article_no),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body TEXT NOT NULL,
    body_en TEXT NOT NULL,
    written_on BIGINT NOT NULL,
    written_by TEXT NOT NULL,
    published_on BIGINT,
    published_by TEXT,
    PRIMARY KEY (article_no, version)
);
-- 宣传活动. segment: JSON. answer: what counts as an answer (payment, ticket, contact). closes_on: when it is measured for good; effect: JSON of it.
CREATE TABLE campaign (
    campaign_no BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    said TEXT NOT NULL,
    article TEXT,
    segment TEXT NOT NULL,
    held_out_percent BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    answer TEXT NOT NULL,
    respond_days BIGINT NOT NULL,
    org_id BIGINT NOT NULL REFERENCES org (org_id),
    state TEXT NOT NULL,
    made_on BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    decided_on BIGINT,
    decided_by TEXT,
    closes_on BIGINT,
    effect TEXT
);
CREATE INDEX campaign_running ON campaign (closes_on) WHERE state = 'running';
-- 活动客户. held_out: 1 when left out to compare. notice_no: the message; NULL when none left, for the reason that skipped says.
CREATE TABLE campaign_member (
    account_id BIGINT NOT NULL,
    campaign_no BIGINT NOT NULL REFERENCES campaign (campaign_no),
    held_out BIGINT NOT NULL,
    notice_no BIGINT,
    skipped TEXT,
    told_on BIGINT NOT NULL,
    PRIMARY KEY (account_id, campaign_no)
)/*clustered*/;
CREATE INDEX campaign_member_by_campaign ON campaign_member (campaign_no, account_id);
