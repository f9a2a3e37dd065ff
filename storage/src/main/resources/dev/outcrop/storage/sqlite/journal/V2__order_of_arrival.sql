-- Sequences once began anywhere; from here on they are the order of arrival, which followers of the journal go by.
CREATE TABLE journal_in_order (
    kind     TEXT    NOT NULL,
    account  TEXT    NOT NULL,
    time     INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    body     BLOB    NOT NULL,
    PRIMARY KEY (kind, account, time, sequence)
) WITHOUT ROWID;
INSERT INTO journal_in_order
    SELECT kind, account, time, row_number() OVER (ORDER BY time, sequence), body FROM journal;
DROP TABLE journal;
ALTER TABLE journal_in_order RENAME TO journal;
CREATE INDEX journal_by_arrival ON journal (kind, sequence);
