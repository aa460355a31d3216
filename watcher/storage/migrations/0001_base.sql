-- What is remembered. Times are ISO 8601 in UTC, amounts are cents, lists are JSON arrays.

CREATE TABLE accounts (
    name TEXT PRIMARY KEY,
    salt TEXT NOT NULL,              -- makes hashes of this account's contents unguessable; erased with them
    last_check_at TEXT,
    last_outcome TEXT,
    last_complete_at TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    next_check_at TEXT,
    next_check_reason TEXT,
    cool_down_until TEXT,
    told_outcome TEXT,
    told_at TEXT,
    listing_digest TEXT
) STRICT;

CREATE TABLE conversations (
    account TEXT NOT NULL REFERENCES accounts (name),
    id TEXT NOT NULL,
    marks TEXT NOT NULL,             -- JSON object: reader name -> digest of the list row
    digest TEXT NOT NULL,            -- digest of the thread when it was last read
    read_at TEXT NOT NULL,
    PRIMARY KEY (account, id)
) STRICT;

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (name),
    conversation TEXT NOT NULL,
    deal_ids TEXT NOT NULL,
    stage TEXT NOT NULL,
    reached TEXT,
    stage_at TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    confidence TEXT NOT NULL,
    title TEXT,
    buyer TEXT,
    ad_id TEXT,
    amount_cents INTEGER,
    carrier TEXT,
    tracking_number TEXT,
    pickup INTEGER,
    unknown_events TEXT NOT NULL,
    missing_checks INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX orders_by_conversation ON orders (account, conversation);

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    account TEXT NOT NULL REFERENCES accounts (name),
    kind TEXT NOT NULL,
    confidence TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    acknowledged_at TEXT,
    closed_at TEXT,
    round INTEGER NOT NULL DEFAULT 0,       -- the last round of alerts that was queued
    round_at TEXT NOT NULL                  -- when that was
) STRICT;
CREATE INDEX cases_by_order ON cases (order_id);

CREATE TABLE steps (
    case_id TEXT NOT NULL REFERENCES cases (id),
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    due_at TEXT,
    urgent INTEGER NOT NULL,
    moves_to TEXT,
    done_at TEXT,
    done_by TEXT,
    PRIMARY KEY (case_id, position)
) STRICT;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    order_id TEXT,
    case_id TEXT,
    round INTEGER NOT NULL,
    critical INTEGER NOT NULL,
    details TEXT NOT NULL,
    created_at TEXT NOT NULL,
    not_before TEXT NOT NULL,
    leased_until TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,    -- how often a hand-over was begun
    sent_at TEXT,
    dropped_at TEXT,                        -- no longer needed: acknowledged, closed
    problem TEXT,                           -- why the last attempt failed
    UNIQUE (key, channel)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (not_before) WHERE sent_at IS NULL AND dropped_at IS NULL;

CREATE TABLE captures (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (name),
    conversation TEXT,
    kind TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,                   -- why it was kept: changed, problem, recovered
    complete INTEGER NOT NULL
) STRICT;
CREATE INDEX captures_by_conversation ON captures (account, conversation, taken_at);

CREATE TABLE capture_files (
    capture_id TEXT NOT NULL REFERENCES captures (id),
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    media_type TEXT NOT NULL,
    path TEXT NOT NULL,                     -- relative to the storage folder
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (capture_id, position)
) STRICT;

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    salt TEXT NOT NULL
) STRICT;

CREATE TABLE guard_proofs (
    key TEXT PRIMARY KEY,                   -- browser, version and rules that the proof is about
    proven_at TEXT NOT NULL
) STRICT;

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- The ledger is only ever appended to. This stops mistakes; what stops fraud is the chain.
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_not_cut BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
