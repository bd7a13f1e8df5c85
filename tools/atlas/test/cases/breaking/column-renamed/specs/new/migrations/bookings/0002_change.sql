ALTER TABLE booking RENAME COLUMN note TO remark;
