-- A reservation whose time is over ends as EXPIRED. Its stock is free again, as after RELEASED. NOT VALID spares a look
-- at the rows that are there: they fulfil the old check, which allowed less.
ALTER TABLE reservation ADD CONSTRAINT reservation_state CHECK (state IN ('HELD', 'FAILED', 'RELEASED', 'EXPIRED')) NOT VALID;
ALTER TABLE reservation DROP CONSTRAINT reservation_state_check;
