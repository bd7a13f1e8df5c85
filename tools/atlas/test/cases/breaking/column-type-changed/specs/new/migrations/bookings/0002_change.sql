ALTER TABLE booking ALTER COLUMN price TYPE integer, ALTER COLUMN note TYPE varchar(40);
