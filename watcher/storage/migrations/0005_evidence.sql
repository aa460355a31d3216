-- Evidence that stands: what a capture is made of, the seller's own files, time stamps, what was forgotten.

ALTER TABLE capture_files ADD COLUMN label TEXT NOT NULL DEFAULT '';    -- which one of its role: a card, an answer

-- Names, titles and texts of a forgotten order are erased; what remains says that there was one.
ALTER TABLE orders ADD COLUMN forgotten_at TEXT;

-- Files that the seller added to an order. The name is the seller's, and can be erased with its salt.
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    at TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    path TEXT NOT NULL,              -- relative to the storage folder
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    salt TEXT NOT NULL
) STRICT;
CREATE INDEX attachments_by_order ON attachments (order_id, at);

-- A moment of the ledger that is to be stamped: its first `lines` lines. `digest` is SHA-256 over their hashes in
-- hexadecimal, each with a line feed.
CREATE TABLE anchors (
    lines INTEGER PRIMARY KEY,
    head TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- What an authority has confirmed; its answer was verified when it came. Which anchors still wait for whom follows from
-- what is not here: the newest anchor is asked for, for it holds the lines of every earlier one.
CREATE TABLE stamps (
    lines INTEGER NOT NULL REFERENCES anchors (lines),
    authority TEXT NOT NULL,
    qualified TEXT NOT NULL,
    stamped_at TEXT NOT NULL,        -- the authority's own time
    serial TEXT NOT NULL,
    nonce TEXT NOT NULL,             -- of the question, in hexadecimal
    path TEXT NOT NULL,              -- of its answer, relative to the storage folder
    sha256 TEXT NOT NULL,
    chain_path TEXT NOT NULL,        -- of the certificates that it was verified with
    chain_sha256 TEXT NOT NULL,
    PRIMARY KEY (lines, authority)
) STRICT;

-- How it stands with each authority that was ever asked.
CREATE TABLE authorities (
    name TEXT PRIMARY KEY,
    failing_since TEXT,
    failures INTEGER NOT NULL,
    not_before TEXT,                 -- it is left alone until then
    fault TEXT,
    detail TEXT NOT NULL,
    told_at TEXT
) STRICT;

-- Conversations that the next check keeps whatever they show: the order's case has taken a turn.
CREATE TABLE captures_wanted (
    account TEXT NOT NULL REFERENCES accounts (name),
    conversation TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (account, conversation)
) STRICT;

-- What was forgotten and still lies on the disk: files, by their path, and the database's own free pages ('').
CREATE TABLE erasures (
    path TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT;
