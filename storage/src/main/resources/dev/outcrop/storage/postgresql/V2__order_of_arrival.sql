-- Sequences once began anywhere; from here on they are the order of arrival, which followers of the journal go by. Entries
-- that arrive together are one row. A block of one has the entry's account and body as they are; one of more has no
-- account, and all its entries compressed.
CREATE TABLE journal_of_blocks (
    kind     TEXT   COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    entries  INTEGER NOT NULL,
    latest   BIGINT NOT NULL,
    account  TEXT   COLLATE "C",
    body     BYTEA  NOT NULL,
    PRIMARY KEY (kind, sequence)
);
INSERT INTO journal_of_blocks
    SELECT kind, row_number() OVER (ORDER BY time, sequence), 1, time, account, body FROM journal;
DROP TABLE journal;
ALTER TABLE journal_of_blocks RENAME TO journal;
CREATE INDEX journal_by_time ON journal (kind, latest);
