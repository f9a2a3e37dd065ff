CREATE TABLE records (
    type       TEXT    COLLATE "C" NOT NULL,
    account    TEXT    COLLATE "C" NOT NULL,
    region     TEXT    COLLATE "C" NOT NULL,
    id         TEXT    COLLATE "C" NOT NULL,
    parent     TEXT    COLLATE "C" NOT NULL,
    name       TEXT    COLLATE "C",
    version    BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL,
    body       BYTEA   NOT NULL,
    PRIMARY KEY (type, account, region, id)
);
CREATE UNIQUE INDEX records_by_name ON records (type, account, region, parent, name) WHERE name IS NOT NULL;
CREATE INDEX records_by_creation ON records (type, created_at, account, region, id);
CREATE TABLE journal (
    kind     TEXT   COLLATE "C" NOT NULL,
    account  TEXT   COLLATE "C" NOT NULL,
    time     BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (kind, account, time, sequence)
);
CREATE TABLE listeners (
    server   TEXT        COLLATE "C" PRIMARY KEY,
    alive_at TIMESTAMPTZ NOT NULL
);
-- The table of db-scheduler 16.
CREATE TABLE scheduled_tasks (
    task_name            TEXT COLLATE "C"     NOT NULL,
    task_instance        TEXT COLLATE "C"     NOT NULL,
    task_data            BYTEA,
    execution_time       TIMESTAMPTZ NOT NULL,
    picked               BOOLEAN   NOT NULL,
    picked_by            TEXT,
    last_success         TIMESTAMPTZ,
    last_failure         TIMESTAMPTZ,
    consecutive_failures INTEGER,
    last_heartbeat       TIMESTAMPTZ,
    version              BIGINT   NOT NULL,
    priority             INTEGER,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_by_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_by_heartbeat ON scheduled_tasks (last_heartbeat);
