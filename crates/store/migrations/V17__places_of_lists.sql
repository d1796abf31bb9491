-- 长清单分页: where a page of a list over all accounts begins is found by an index.
CREATE INDEX payment_intent_made ON payment_intent (made_at, account_id, intent_no);
CREATE INDEX balance_prepaid_most ON balance (prepaid_fen) WHERE prepaid_fen > 0;
