-- 欠费清单, the largest first, without reading every debt.
CREATE INDEX receivable_largest ON receivable (open_fen, account_id, bill_no) WHERE open_fen > 0;
