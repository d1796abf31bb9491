-- 统一身份认证: who was sent to the identity provider and is awaited back. Only digests of what the browser carries are kept.
CREATE TABLE sso_departure (
    state_hash TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
