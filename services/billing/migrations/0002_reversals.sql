-- A journal that was posted by hand is corrected by one with debits and credits exchanged, and only once.

ALTER TABLE manual_journal ADD COLUMN reverses uuid REFERENCES manual_journal;
COMMENT ON COLUMN manual_journal.reverses IS 'The journal that it is to reverse. NULL if it reverses none.';
CREATE UNIQUE INDEX one_reversal ON manual_journal (reverses) WHERE state <> 'REJECTED';

-- The old constraint allows less, so every row that is there keeps the new one.
ALTER TABLE journal ADD CONSTRAINT journal_kind CHECK (kind IN
  ('INVOICE', 'PAYMENT', 'LATE_PAYMENT', 'CREDIT_NOTE', 'REFUND', 'SHIPMENT', 'PAYOUT', 'MANUAL', 'REVERSAL')) NOT VALID;
ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
ALTER TABLE journal VALIDATE CONSTRAINT journal_kind;
