ALTER TABLE show RENAME TO performance;
CREATE VIEW show AS SELECT show_id, title FROM performance;
