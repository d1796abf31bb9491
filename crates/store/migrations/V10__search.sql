-- 找户: by the whole name and by the whole address, without reading everybody.
CREATE INDEX customer_by_name ON customer (name);
CREATE INDEX account_by_address ON account (address);
