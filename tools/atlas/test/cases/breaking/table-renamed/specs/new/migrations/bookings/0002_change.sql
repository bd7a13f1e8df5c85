-- A better word.
ALTER TABLE show RENAME TO performance;
