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

-- What each authority said of an anchor; without `stamped_at` it is still to be asked.
CREATE TABLE stamps (
    lines INTEGER NOT NULL REFERENCES anchors (lines),
    authority TEXT NOT NULL,
    not_before TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    stamped_at TEXT,                 -- the authority's own time
    path TEXT,                       -- of its answer, relative to the storage folder
    sha256 TEXT,
    PRIMARY KEY (lines, authority)
) STRICT;
