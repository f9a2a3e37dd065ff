CREATE TABLE records (
    type       TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    parent     TEXT    NOT NULL,
    name       TEXT,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (type, account, region, id)
);
CREATE UNIQUE INDEX records_by_name ON records (type, account, region, parent, name) WHERE name IS NOT NULL;
CREATE INDEX records_by_creation ON records (type, created_at, account, region, id);
