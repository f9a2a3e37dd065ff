-- Sequences once began anywhere; from here on they are the order of arrival, which followers of the journal go by.
CREATE TABLE journal_in_order (
    kind     TEXT   COLLATE "C" NOT NULL,
    account  TEXT   COLLATE "C" NOT NULL,
    time     BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (kind, account, time, sequence)
);
INSERT INTO journal_in_order
    SELECT kind, account, time, row_number() OVER (ORDER BY time, sequence), body FROM journal;
DROP TABLE journal;
ALTER TABLE journal_in_order RENAME TO journal;
CREATE INDEX journal_by_arrival ON journal (kind, sequence);
