//! 篡改: every check of `verify` can fail. Something is changed behind the program's back, and the check whose promise
//! it breaks names it; a check that nothing here can break is a defect.

use super::engines::lived;
use super::world::{ACCOUNTS, Shown, World, work};
use denghuo_office::evidence::{NewEvidence, NewFile, evidence_add};
use denghuo_office::verify::verify;
use denghuo_rules::evidence::EvidenceKind;
use denghuo_store::testing::on_each_engine;
use denghuo_store::{Conn, StoreError};
use std::collections::BTreeSet;

/// The check that has to notice, and what is done behind its back.
const DEEDS: &[(&str, &str)] = &[
    // A line amount; lines that still come to their bill; a bill made dearer from end to end.
    (
        "bill_is_sum_of_lines",
        "UPDATE bill_line SET amount_fen = amount_fen + 1 WHERE account_id = 1 AND bill_no = 1 AND line_no = 1",
    ),
    (
        "bill_is_sum_of_lines",
        "UPDATE bill SET funds_fen = funds_fen + 1 WHERE account_id = 3 AND bill_no = 1",
    ),
    (
        "bills_derive_again",
        "UPDATE bill_line SET amount_fen = amount_fen + CASE line_no WHEN 1 THEN 1 ELSE -1 END \
         WHERE account_id = 3 AND bill_no = 1 AND line_no IN (1, 2)",
    ),
    (
        "bills_derive_again",
        "UPDATE bill_line SET amount_fen = amount_fen + 100 WHERE account_id = 4 AND bill_no = 1 AND line_no = 1; \
         UPDATE bill SET amount_fen = amount_fen + 100 WHERE account_id = 4 AND bill_no = 1; \
         UPDATE receivable SET amount_fen = amount_fen + 100, open_fen = open_fen + 100 WHERE account_id = 4 AND bill_no = 1; \
         UPDATE balance SET receivable_fen = receivable_fen + 100 WHERE account_id = 4",
    ),
    (
        "bills_derive_again",
        "UPDATE bill_line SET quantity = quantity + 1 WHERE account_id = 1 AND bill_no = 1 AND line_no = 1",
    ),
    (
        "bills_derive_again",
        "UPDATE bill_line SET item = 'gift' WHERE account_id = 1 AND bill_no = 1 AND line_no = 1",
    ),
    ("bills_derive_again", "UPDATE bill SET facts = '{}' WHERE account_id = 1 AND bill_no = 1"),
    (
        "bills_derive_again",
        "UPDATE bill SET facts = (SELECT o.facts FROM bill o WHERE o.account_id = 1 AND o.bill_no = 1) WHERE account_id = 4 AND bill_no = 1",
    ),
    // Bills that vanish, wait for ever, or stand twice.
    ("line_has_bill", "DELETE FROM bill WHERE account_id = 1 AND bill_no = 1"),
    ("bill_has_account_and_rules", "UPDATE bill SET rule_set_id = 0 WHERE account_id = 1 AND bill_no = 1"),
    ("bill_has_account_and_rules", "DELETE FROM account WHERE account_id = 1"),
    ("bill_waits_or_is_released", "DELETE FROM receivable WHERE account_id = 1 AND bill_no = 1"),
    (
        "receivable_is_bill",
        "UPDATE receivable SET amount_fen = amount_fen + 1 WHERE account_id = 1 AND bill_no = 1",
    ),
    ("pending_is_bill", "UPDATE pending_bill SET amount_fen = amount_fen + 1"),
    (
        "bill_numbers_have_no_gap",
        "DELETE FROM bill WHERE account_id = 4; DELETE FROM bill_line WHERE account_id = 4",
    ),
    (
        "bill_numbers_have_no_gap",
        "UPDATE billing_state SET next_bill_no = next_bill_no + 1 WHERE account_id = 1",
    ),
    (
        "periods_follow_each_other",
        "UPDATE bill SET from_on = from_on - 1 WHERE account_id = 1 AND bill_no = 2",
    ),
    (
        "one_current_reading",
        "INSERT INTO reading (account_id, read_on, installation_no, version, is_current, total, source) \
         SELECT account_id, read_on, installation_no, 99, 1, total, source FROM reading \
         WHERE account_id = 1 AND is_current = 1 AND read_on = 20260305",
    ),
    // The ledger.
    (
        "entries_balance",
        "UPDATE posting SET amount_fen = amount_fen + 1 WHERE account_id = 1 AND entry_no = 1 AND line_no = 1",
    ),
    ("posting_has_entry", "DELETE FROM entry WHERE account_id = 1 AND entry_no = 1"),
    ("entry_has_postings", "DELETE FROM posting WHERE account_id = 1 AND entry_no = 1"),
    (
        "entry_numbers_have_no_gap",
        "UPDATE balance SET next_entry_no = next_entry_no + 1 WHERE account_id = 1",
    ),
    ("balance_is_sum_of_postings", "UPDATE balance SET late_fee_fen = late_fee_fen + 1 WHERE account_id = 1"),
    ("balance_is_sum_of_postings", "DELETE FROM balance WHERE account_id = 1"),
    (
        "balance_is_sum_of_debts",
        "UPDATE balance SET receivable_fen = receivable_fen + 1 WHERE account_id = 1",
    ),
    ("money_has_balance", "DELETE FROM balance WHERE account_id = 4"),
    // Debts and fees.
    (
        "open_is_amount_less_allocations",
        "UPDATE allocation SET amount_fen = amount_fen + 1 WHERE kind = 'energy'",
    ),
    (
        "allocation_has_target",
        "INSERT INTO allocation (account_id, allocation_no, payment_no, bill_no, kind, amount_fen, effective_on, allocated_on) \
         VALUES (1, 999, 1, 99, 'energy', 1, 20260301, 20260301)",
    ),
    ("settled_is_closed", "UPDATE receivable SET settled_on = NULL WHERE open_fen = 0"),
    ("fee_open_is_booked_less_paid", "UPDATE late_fee SET open_fen = open_fen + 1"),
    (
        "late_fee_has_receivable",
        "INSERT INTO late_fee (account_id, bill_no, booked_fen, open_fen, waived_fen, booked_to) VALUES (1, 99, 0, 0, 0, 20260301)",
    ),
    ("waived_is_sum_of_waivers", "DELETE FROM waiver"),
    ("waiver_has_late_fee", "UPDATE waiver SET bill_no = 99"),
    ("fees_derive_again", "UPDATE late_fee SET booked_fen = booked_fen + 1, open_fen = open_fen + 1"),
    ("fees_derive_again", "UPDATE receivable SET due_on = due_on - 10000"),
    // The ladder, holds and plans.
    ("step_has_debt", "DELETE FROM ladder"),
    (
        "step_has_debt",
        "INSERT INTO ladder_step (account_id, bill_no, kind, round, state, due_on, done_on, notice_no, rules) VALUES (1, 99, 'visit', 1, 'due', 20260301, NULL, NULL, '')",
    ),
    (
        "demand_has_notice",
        "INSERT INTO ladder_step (account_id, bill_no, kind, round, state, due_on, done_on, notice_no, rules) VALUES (1, 1, 'demand_again', 9, 'due', 20260301, NULL, 999, '')",
    ),
    (
        "step_ends_on_a_day",
        "INSERT INTO ladder_step (account_id, bill_no, kind, round, state, due_on, done_on, notice_no, rules) VALUES (1, 1, 'visit', 9, 'done', 20260301, 20260228, NULL, '')",
    ),
    (
        "one_planned_stop",
        "INSERT INTO ladder_step (account_id, bill_no, kind, round, state, due_on, done_on, notice_no, rules) VALUES (1, 1, 'stop_plan', 8, 'due', 20270301, NULL, NULL, ''), (1, 1, 'stop_plan', 9, 'due', 20270301, NULL, NULL, '')",
    ),
    (
        "planned_stops_are_lawful",
        "INSERT INTO ladder_step (account_id, bill_no, kind, round, state, due_on, done_on, notice_no, rules) VALUES (1, 1, 'stop_plan', 9, 'due', 20260301, NULL, NULL, '')",
    ),
    (
        "hold_is_whole",
        "INSERT INTO hold (account_id, hold_no, kind, bill_no, from_on, until_on, reason, source, set_by) \
         VALUES (1, 99, 'dispute', 0, 20260301, 20260201, '', '', 'S004')",
    ),
    (
        "hold_is_whole",
        "INSERT INTO hold (account_id, hold_no, kind, bill_no, from_on, reason, source, set_by, released_on) \
         VALUES (1, 99, 'dispute', 0, 20260301, '', '', 'S004', 20260401)",
    ),
    (
        "plan_is_sum_of_parts",
        "INSERT INTO payment_plan (account_id, plan_no, kind, bills, agreed_on, amount_fen, state, agreed_how, agreed_by) \
         VALUES (1, 99, 'promise', '1', 20260301, 100, 'running', 'phone', 'S004')",
    ),
    (
        "plan_holds_while_it_runs",
        "INSERT INTO payment_plan (account_id, plan_no, kind, bills, agreed_on, amount_fen, state, agreed_how, agreed_by) \
         VALUES (1, 99, 'promise', '1', 20260301, 0, 'running', 'phone', 'S004')",
    ),
    // Payments.
    ("payment_is_allocated_or_unused", "DELETE FROM allocation WHERE kind = 'energy'"),
    ("allocation_not_above_payment", "UPDATE payment SET unused_fen = -1 WHERE reverses_no IS NULL"),
    ("allocation_has_payment", "DELETE FROM payment"),
    (
        "prepaid_is_sum_of_unused",
        "UPDATE payment SET unused_fen = unused_fen + 1 WHERE account_id = 1 AND payment_no = 1",
    ),
    (
        "payments_are_in_the_ledger",
        "UPDATE payment SET amount_fen = amount_fen + 1, unused_fen = unused_fen + 1 WHERE account_id = 1 AND payment_no = 1",
    ),
    ("payments_are_in_the_ledger", "UPDATE posting SET gl = '6001' WHERE gl = '1001'"),
    ("allocation_has_target", "DELETE FROM refund"),
    ("allocation_has_target", "UPDATE allocation SET bill_no = 99 WHERE kind = 'refund'"),
    ("refund_is_sum_of_allocations", "UPDATE refund SET amount_fen = amount_fen + 1"),
    ("balance_is_sum_of_postings", "DELETE FROM posting WHERE account_id = 1"),
    ("reversal_mirrors_payment", "UPDATE payment SET reversed_on = NULL"),
    ("key_has_payment", "UPDATE payment_key SET payment_no = 99"),
    ("suspense_is_unmatched_lines", "UPDATE bank_line SET state = 'returned' WHERE state = 'suspense'"),
    ("bank_file_is_sum_of_lines", "UPDATE bank_line SET amount_fen = amount_fen + 1"),
    ("bank_line_has_file", "DELETE FROM bank_file"),
    // Proofs: a link changed, taken out, cut off; a file exchanged; an anchor forged.
    ("evidence_hashes_again", "UPDATE evidence SET note = 'x' WHERE account_id = 1 AND evidence_no = 1"),
    (
        "evidence_hashes_again",
        "UPDATE evidence SET hash = previous_hash WHERE account_id = 1 AND evidence_no = 2",
    ),
    ("evidence_numbers_have_no_gap", "DELETE FROM evidence WHERE account_id = 1 AND evidence_no = 1"),
    ("evidence_has_its_file", "DELETE FROM evidence_file"),
    ("evidence_has_its_file", "UPDATE evidence SET file_hash = NULL"),
    (
        "evidence_files_hash_again",
        "UPDATE evidence_file SET bytes = (SELECT o.bytes FROM evidence_file o WHERE o.file_hash <> evidence_file.file_hash LIMIT 1)",
    ),
    ("chain_is_anchored_or_waits", "DELETE FROM evidence WHERE account_id = 1 AND evidence_no = 3"),
    (
        "anchor_counts_its_chains",
        "DELETE FROM evidence WHERE account_id = 1; DELETE FROM evidence_unanchored WHERE account_id = 1",
    ),
    ("anchor_counts_its_chains", "DELETE FROM evidence_anchor"),
    ("anchor_counts_its_chains", "UPDATE evidence_anchor SET chains = chains + 1"),
    ("anchors_hash_again", "UPDATE evidence_anchor SET digest = previous"),
    ("anchors_hash_again", "UPDATE evidence_anchor SET previous = 'x'"),
    (
        "proof_is_there",
        "INSERT INTO limitation_event (account_id, event_no, bill_no, kind, effective_on, evidence_no, note, noted_by) \
         VALUES (1, 999, 0, 'demand', 20260301, 99, '', 'S001')",
    ),
    // The outbox.
    (
        "attempts_are_counted",
        "INSERT INTO delivery_attempt (account_id, notice_no, delivery_no, attempt_no, begun_at, outcome) \
         VALUES (1, 99, 1, 1, 20260301090000, 'taken')",
    ),
    (
        "only_a_claim_is_under_way",
        "INSERT INTO delivery_attempt (account_id, notice_no, delivery_no, attempt_no, begun_at, outcome) \
         VALUES (1, 99, 1, 1, 20260301090000, 'handing')",
    ),
    (
        "sent_was_taken",
        "INSERT INTO delivery (account_id, notice_no, delivery_no, channel, address, state, due_by, next_at, attempts, sent_at) \
         VALUES (1, 99, 1, 'sms', '1', 'sent', 20260301, 20260301090000, 0, 20260301090000)",
    ),
    // Cuts and restorations.
    (
        "cut_has_consumed_warrant",
        "INSERT INTO operation (account_id, operation_no, case_no, kind, channel, state, warrant_no, ordered_at, ordered_by, done_at) \
         VALUES (1, 91, 91, 'cut', 'field', 'done', NULL, 20260407100000, 'S004', 20260407100500)",
    ),
    (
        "cut_has_consumed_warrant",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'cut', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'consumed', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '', ''); \
         INSERT INTO operation (account_id, operation_no, case_no, kind, channel, state, warrant_no, ordered_at, ordered_by, done_at) \
         VALUES (1, 91, 91, 'cut', 'field', 'done', 1, 20260407100000, 'S004', 20260408100500)",
    ),
    (
        "warrant_used_once",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'cut', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'consumed', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '', '')",
    ),
    (
        "warrant_used_once",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'served', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'live', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '', ''); \
         INSERT INTO operation (account_id, operation_no, case_no, kind, channel, state, warrant_no, ordered_at, ordered_by, done_at) \
         VALUES (1, 91, 91, 'cut', 'field', 'ordered', 1, 20260407100000, 'S004', NULL)",
    ),
    (
        "warrant_gates_all_held",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'served', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'live', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '[{\"gate\":\"G01\",\"holds\":false}]', '')",
    ),
    (
        "warrant_gates_all_held",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'served', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'live', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '[]', '')",
    ),
    (
        "warrant_has_served_case",
        "INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'live', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '', '')",
    ),
    (
        "warrant_has_served_case",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'served', 20260401, 'system', 'arrears', 'system', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO warrant (account_id, case_no, warrant_no, state, made_at, made_by, valid_from, expires_at, entry_no, gates, rules) \
         VALUES (1, 91, 1, 'live', 20260407090000, 'S004', 20260407090000, 20260407155959, 1, '', '')",
    ),
    (
        "one_live_cut_case",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'served', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 92, 1, 0, 'served', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, '')",
    ),
    (
        "cut_case_follows_operations",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'cut', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, '')",
    ),
    (
        "paid_is_restored",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'cut', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO cut_case_bill (account_id, case_no, bill_no, open_fen) SELECT account_id, 91, bill_no, 1 FROM receivable \
         WHERE account_id = 1 AND open_fen <= 0 AND settled_on IS NOT NULL",
    ),
    (
        "restoration_has_promise",
        "INSERT INTO cut_case (account_id, case_no, bill_no, step_round, state, proposed_on, proposed_by, reason, approved_by, approved_on, \
         round, served_on, next_on, rules) VALUES (1, 91, 1, 0, 'cut', 20260401, 'system', 'arrears', 'S002', 20260402, 1, 20260403, 99991231, ''); \
         INSERT INTO operation (account_id, operation_no, case_no, kind, channel, state, warrant_no, ordered_at, ordered_by, done_at) \
         VALUES (1, 91, 91, 'restore', 'field', 'ordered', NULL, 20260407100000, 'S004', NULL)",
    ),
    // Legal action.
    ("legal_claim_is_sum_of_bills", "UPDATE legal_case SET claim_fen = claim_fen + 1"),
    ("legal_bill_is_receivable", "UPDATE legal_case_bill SET bill_no = bill_no + 90"),
    ("legal_case_is_approved", "UPDATE legal_case SET state = 'filed', approved_by = NULL"),
    ("legal_step_has_case", "DELETE FROM legal_case"),
    ("overdue_debt_has_clock", "DELETE FROM limitation"),
    ("clocks_derive_again", "UPDATE limitation SET expires_on = expires_on + 10000"),
    ("write_off_has_entry", "UPDATE write_off SET payment_no = 99"),
    ("write_off_has_entry", "UPDATE entry SET subject = 'bill:1' WHERE kind = 'write_off'"),
    ("write_offs_are_in_the_ledger", "DELETE FROM write_off"),
    ("write_off_is_proved", "UPDATE write_off SET asked_by = approved_by"),
    // Notices.
    ("released_bill_is_noticed", "DELETE FROM notice WHERE account_id = 1 AND kind = 'bill' AND bill_no = 1"),
    ("notice_leaves_or_is_listed", "DELETE FROM delivery WHERE account_id = 1"),
    ("delivery_has_notice", "DELETE FROM notice WHERE account_id = 1"),
    ("served_is_proved", "UPDATE notice SET state = 'served' WHERE account_id = 1"),
    ("served_is_proved", "UPDATE notice SET served_at = 20260305120000 WHERE account_id = 1"),
    (
        "nobody_is_told_twice",
        "INSERT INTO delivery (account_id, notice_no, delivery_no, channel, address, state, due_by, next_at, attempts) \
         SELECT account_id, notice_no, 99, channel, address, state, due_by, next_at, 0 FROM delivery WHERE account_id = 1",
    ),
    ("quiet_after_the_end", "UPDATE notice SET state = 'withdrawn' WHERE account_id = 1"),
    (
        "paper_run_is_sum_of_papers",
        "INSERT INTO paper_run (run_id, channel, made_on, made_by, rows_kept, digest, recorded_at) \
         VALUES ('R', 'paper_own', 20260305, 'S001', 1, '', 0)",
    ),
    (
        "contact_event_has_contact",
        "INSERT INTO contact_event (account_id, event_no, contact_no, kind, happened_on, source, noted_by) \
         VALUES (1, 99, 99, 'verified', 20260305, 'x', 'S001')",
    ),
    // Intents, calls of the provider and requests that nothing stands behind.
    (
        "provider_money_is_booked",
        "INSERT INTO provider_payment (provider_id, token, amount_fen, paid_on, digest, outcome, account_id, intent_no, payment_no, \
         recorded_at) VALUES ('X', 'x', 100, 20260305, '', 'paid', 1, 1, 99, 0)",
    ),
    (
        "intent_is_paid_once",
        "INSERT INTO payment_intent (account_id, intent_no, token, amount_fen, bills, made_by, made_at, expires_at, state, payment_no) \
         VALUES (1, 1, 'x', 100, '', 'S001', 20260305090000, 20260305100000, 'paid', 99)",
    ),
    (
        "refund_request_is_decided_by_another",
        "INSERT INTO refund_request (account_id, request_no, amount_fen, channel, reason, asked_by, asked_on, state, decided_by, \
         decided_on, refund_no) VALUES (1, 1, 100, 'transfer', 'x', 'S001', 20260305, 'paid', 'S001', 20260305, 99)",
    ),
    // Tickets that vanish, stand elsewhere than their deeds lead, are told twice, hold for ever.
    ("ticket_numbers_have_no_gap", "UPDATE ticket_counter SET last_no = last_no + 1 WHERE account_id = 1"),
    ("ticket_has_counter", "DELETE FROM ticket_counter WHERE account_id = 1"),
    ("ticket_event_has_ticket", "DELETE FROM ticket WHERE account_id = 1 AND ticket_no = 1"),
    ("ended_ticket_has_no_clock", "UPDATE ticket SET ended_at = NULL WHERE account_id = 1 AND ticket_no = 1"),
    (
        "escalation_is_told_once",
        "UPDATE ticket_event SET once_key = 'x' WHERE account_id = 1 AND ticket_no = 1",
    ),
    (
        "hold_of_ticket_ends_with_it",
        "UPDATE hold SET released_on = NULL WHERE account_id = 1 AND source = 'ticket:1'",
    ),
    (
        "tickets_stand_where_deeds_lead",
        "UPDATE ticket SET state = 'answered' WHERE account_id = 1 AND ticket_no = 2",
    ),
    // Targets, appraisals and bonuses.
    ("target_is_sum_of_children", "UPDATE target_node SET amount_fen = amount_fen + 1 WHERE is_person = 1"),
    ("target_has_one_root", "DELETE FROM target_node WHERE parent_no IS NULL"),
    ("target_has_one_root", "UPDATE target SET amount_fen = amount_fen + 1"),
    ("target_has_one_root", "UPDATE target_node SET parent_no = 4 WHERE node_no = 2"),
    ("target_is_confirmed_by_another", "UPDATE target SET confirmed_by = made_by WHERE state = 'closed'"),
    ("target_is_confirmed_by_another", "UPDATE target SET state = 'confirmed' WHERE state = 'draft'"),
    ("closed_target_keeps_its_figures", "DELETE FROM target_result WHERE node_no = 1"),
    ("appraisal_is_decided_by_another", "UPDATE appraisal SET decided_by = 'S004' WHERE state = 'decided'"),
    ("appraisal_is_decided_by_another", "UPDATE appraisal SET state = 'open'"),
    ("appraisal_event_has_appraisal", "DELETE FROM appraisal"),
    ("bonus_sheet_is_sum_of_lines", "UPDATE bonus_sheet SET total_fen = total_fen + 1"),
    ("bonus_sheet_is_sum_of_lines", "UPDATE bonus_line SET amount_fen = amount_fen + 1"),
    ("bonus_is_approved_by_another", "UPDATE bonus_sheet SET decided_by = made_by"),
    ("bonus_is_approved_by_another", "UPDATE bonus_sheet SET frozen_by = NULL"),
    (
        "bonus_is_paid_once",
        "INSERT INTO bonus_sheet (sheet_no, target_no, org_id, state, total_fen, rule, made_by, made_on, reason) \
         SELECT sheet_no + 90, target_no, org_id, 'draft', total_fen, rule, made_by, made_on, '' FROM bonus_sheet; \
         INSERT INTO bonus_line (sheet_no, staff_id, record, worth_fen, amount_fen) \
         SELECT sheet_no + 90, staff_id, record, worth_fen, amount_fen FROM bonus_line",
    ),
    ("scores_derive_again", "UPDATE appraisal SET score = score + 1"),
    ("bonuses_derive_again", "UPDATE bonus_line SET worth_fen = worth_fen + 1"),
    // Findings, orders, reviews and certificates that do not fit together.
    (
        "supervision_numbers_have_no_gap",
        "UPDATE supervision_counter SET last_no = last_no + 1 WHERE name = 'finding'",
    ),
    (
        "supervision_numbers_have_no_gap",
        "UPDATE supervision_counter SET last_no = last_no + 1 WHERE name = 'certificate'",
    ),
    ("ended_finding_waits_for_nothing", "UPDATE finding SET ended_on = NULL WHERE state = 'closed'"),
    ("rectification_is_verified_by_another", "UPDATE rectification SET verified_by = owner WHERE good = 1"),
    ("rectification_rounds_follow_each_other", "UPDATE rectification SET round = round + 1 WHERE round = 2"),
    ("closed_finding_has_no_open_part", "UPDATE finding_part SET done_on = NULL"),
    ("finding_escalation_is_told_once", "UPDATE finding_event SET once_key = 'x'"),
    ("penalty_is_of_who_did_it", "UPDATE penalty SET person = 'S002'"),
    ("penalty_is_of_who_did_it", "UPDATE penalty SET answered_by = decided_by"),
    ("review_is_its_samples", "UPDATE review SET size = size - 1"),
    ("review_is_its_samples", "UPDATE review SET state = 'done', done_on = due_on"),
    ("what_a_review_saw_is_found", "UPDATE review_answer SET answer = 'good' WHERE answer = 'bad'"),
    ("certificate_stands_on_a_test", "UPDATE certificate SET score = 10"),
    ("test_has_its_certificate", "UPDATE attendance SET certificate_no = 99"),
    ("findings_stand_where_orders_lead", "UPDATE finding SET state = 'told' WHERE state = 'ordered'"),
    ("samples_draw_again", "UPDATE review_sample SET account_id = account_id + 1 WHERE sample_no = 1"),
    // Articles that nobody let out, campaigns that tell those who are left out.
    (
        "outreach_numbers_have_no_gap",
        "UPDATE supervision_counter SET last_no = last_no + 1 WHERE name = 'article'",
    ),
    (
        "outreach_numbers_have_no_gap",
        "UPDATE supervision_counter SET last_no = last_no + 1 WHERE name = 'campaign'",
    ),
    ("article_is_let_out_by_another", "UPDATE article_version SET published_by = written_by"),
    ("article_is_let_out_by_another", "UPDATE article SET version = version + 1"),
    ("campaign_is_let_out_by_another", "UPDATE campaign SET decided_by = made_by"),
    ("campaign_is_let_out_by_another", "UPDATE campaign SET state = 'draft', decided_on = NULL"),
    ("who_is_left_out_is_not_told", "UPDATE campaign_member SET held_out = 1"),
    ("who_is_left_out_is_not_told", "UPDATE notice SET subject = 'x' WHERE kind = 'campaign'"),
    // Problems without their tickets, nobody's, closed without an end, that follow nothing, with causes out of nowhere.
    ("problem_ticket_has_both", "UPDATE problem_ticket SET problem_id = 99"),
    ("problem_counts_its_tickets", "UPDATE problem SET people = tickets + 1"),
    ("problem_stands_where_it_is_cared_for", "UPDATE problem SET owner = NULL WHERE state = 'planned'"),
    ("problem_events_begin_with_its_find", "DELETE FROM problem_event WHERE event_no = 1"),
    ("problem_follows_an_ended_one", "UPDATE problem SET follows = problem_id"),
    (
        "cause_is_counted_within_all",
        "INSERT INTO problem_cause (problem_id, place, dimension, value, inside, inside_of, among, among_of) \
         VALUES (1, 99, 'unit', 'P', 5, 4, 9, 9)",
    ),
    // Days.
    ("days_are_whole", "UPDATE day_shard SET state = 'open'"),
    ("counts_add_up", "UPDATE day_shard SET due = due + 1"),
];

/// Names of the checks that fail after a deed, which is taken back; all of them on an untouched database.
fn noticed(conn: &mut Conn, deed: &str) -> BTreeSet<String> {
    let mut broken = BTreeSet::new();
    let _: Result<(), StoreError> = conn.write(|conn| {
        conn.batch(deed)?;
        let found = verify(conn, &work("system")).expect("a readable database");
        broken = found.checks.into_iter().filter(|(_, check)| !check.ok).map(|(name, _)| name).collect();
        Err(StoreError::Corrupt("taken back".to_owned()))
    });
    broken
}

/// Two proofs under an anchor, and one that waits for the next.
fn prove(world: &mut World) {
    let mut add = |n: i64| {
        let bytes = format!("proof {n}").into_bytes();
        let file = NewFile { name: format!("{n}.txt"), media_type: "text/plain".to_owned(), bytes };
        let at = world.on.at(10, 0, 0, 0);
        let new = NewEvidence {
            file: Some(file),
            ..NewEvidence::new(EvidenceKind::Other, &format!("account:{n}"), at, "S001")
        };
        evidence_add(&mut world.conn, &work("S001"), 1, &new).expect("a proof")
    };
    assert_eq!((add(1), add(2)), (1, 2));
    world.live(1, &[Shown::More(0); ACCOUNTS]);
    world.stages();
    let mut add_more = |n: i64| {
        let at = world.on.at(11, 0, 0, 0);
        let new = NewEvidence::new(EvidenceKind::Other, &format!("account:{n}"), at, "S001");
        evidence_add(&mut world.conn, &work("S001"), 1, &new).expect("a proof")
    };
    assert_eq!(add_more(3), 3);
}

#[test]
fn every_check_notices_what_breaks_its_promise() {
    on_each_engine(|store| {
        let mut world = lived(store);
        super::targets::some(&mut world);
        prove(&mut world);
        super::tickets::some(&mut world);
        super::supervision::some(&mut world);
        super::outreach::some(&mut world);
        super::problems::some(&mut world);
        let found = verify(&mut world.conn, &work("system")).unwrap();
        assert!(found.ok);
        let all: BTreeSet<&str> = found.checks.keys().map(String::as_str).collect();
        let tried: BTreeSet<&str> = DEEDS.iter().map(|(check, _)| *check).collect();
        assert_eq!(all, tried, "every check is broken by some deed");
        let blind: Vec<_> = DEEDS
            .iter()
            .map(|(check, deed)| (check, deed, noticed(&mut world.conn, deed)))
            .filter(|(check, _, broken)| !broken.contains(**check))
            .collect();
        assert!(blind.is_empty(), "not noticed: {blind:#?}");
    });
}
