CREATE TABLE journal (
    kind     TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    time     INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (kind, account, time, sequence)
) WITHOUT ROWID;
