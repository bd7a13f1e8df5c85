ALTER TABLE booking ADD CONSTRAINT one_note UNIQUE (note);
