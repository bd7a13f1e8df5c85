ALTER TABLE booking ADD CONSTRAINT one_booking EXCLUDE USING btree (show_id WITH =);
