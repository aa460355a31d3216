-- Alerts that arrive, and reminders that do not let go.

-- One-time tokens by which an alert can be answered: a hash each, the tokens themselves are kept nowhere.
CREATE TABLE answer_tokens (
    hash TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    channel TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    used_by TEXT                     -- which answer it was, where answers have names: a hash of a mail's
) STRICT;
CREATE INDEX answer_tokens_open ON answer_tokens (channel, made_at) WHERE used_at IS NULL;

-- How it stands with each channel, by its last delivery or self-test.
CREATE TABLE channel_health (
    channel TEXT PRIMARY KEY,
    took_at TEXT,
    tested_at TEXT,
    failing_since TEXT,
    failed_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    advice TEXT NOT NULL DEFAULT '',
    permanent INTEGER NOT NULL DEFAULT 0,
    by_test INTEGER NOT NULL DEFAULT 0,
    rests_until TEXT,                -- nothing is handed to it before
    told_at TEXT                     -- when the other channels were told that it does not work
) STRICT;

-- Rounds that begin anew, and those that stopped because there was nothing left to remind of.
ALTER TABLE cases ADD COLUMN round_begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN rounds_stopped_at TEXT;

ALTER TABLE outbox ADD COLUMN wakes TEXT;            -- why it breaks through quiet hours; NULL: it waits
ALTER TABLE outbox ADD COLUMN digest TEXT;           -- the key of the digest that tells of it instead

-- Who took a case on, when, by which way. A case that was acknowledged before this table was has no row, and is left alone.
CREATE TABLE acknowledgements (
    id INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    at TEXT NOT NULL,
    way TEXT NOT NULL,
    who TEXT NOT NULL,
    snoozed_until TEXT,
    asked_at TEXT,
    answered_at TEXT,
    ended_at TEXT,
    ending TEXT,
    UNIQUE (case_id, at)
) STRICT;
