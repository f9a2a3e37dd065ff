-- Within an index, which a table WITHOUT ROWID is, a body of more than about 1,000 bytes takes pages of its own.
CREATE TABLE journal_in_rows (
    kind     TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    time     INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (kind, account, time, sequence)
);
INSERT INTO journal_in_rows SELECT kind, account, time, sequence, body FROM journal ORDER BY sequence;
DROP TABLE journal;
ALTER TABLE journal_in_rows RENAME TO journal;
CREATE INDEX journal_by_arrival ON journal (kind, sequence);
