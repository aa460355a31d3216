-- How sure it is that all was seen: the list's reach, blocks, silence, the login, the day's page loads.

ALTER TABLE accounts ADD COLUMN watched_since TEXT;
ALTER TABLE accounts ADD COLUMN last_cause TEXT;
ALTER TABLE accounts ADD COLUMN last_whole_at TEXT;
ALTER TABLE accounts ADD COLUMN list_total INTEGER;
ALTER TABLE accounts ADD COLUMN blocks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN silence_round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN loads TEXT;         -- JSON: day and count of page loads
ALTER TABLE accounts ADD COLUMN session TEXT;       -- JSON: since when, last seen, earlier lives in seconds, warned
ALTER TABLE accounts ADD COLUMN login TEXT;
UPDATE accounts SET watched_since = last_check_at, blocks = CASE last_outcome WHEN 'blocked' THEN failures ELSE 0 END;

ALTER TABLE orders ADD COLUMN words TEXT NOT NULL DEFAULT '[]';     -- JSON: what told the stage
ALTER TABLE captures ADD COLUMN page TEXT;                          -- the name of a page that the seller added
ALTER TABLE captures ADD COLUMN verdict TEXT;                       -- what the readers of that day made of it

-- The site's words, as they were met on this account.
CREATE TABLE words (
    account TEXT NOT NULL REFERENCES accounts (name),
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    stage TEXT,                      -- NULL: says nothing about the order
    confidence TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (account, kind, token)
) STRICT;

-- What the seller confirmed about a word.
CREATE TABLE own_words (
    account TEXT NOT NULL REFERENCES accounts (name),
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    stage TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (account, kind, token)
) STRICT;

-- What pages that the seller added said when they were last read.
CREATE TABLE statements (
    account TEXT NOT NULL REFERENCES accounts (name),
    page TEXT NOT NULL,
    stages TEXT NOT NULL,            -- JSON: stage and count
    digest TEXT NOT NULL,
    PRIMARY KEY (account, page)
) STRICT;

-- Mails of the platform, by a hash; and the conversations that they asked a check to open ('' for all).
CREATE TABLE mails (
    key TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reasons TEXT NOT NULL
) STRICT;

CREATE TABLE asked_for (
    account TEXT NOT NULL,
    conversation TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (account, conversation)
) STRICT;

CREATE TABLE mailboxes (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;
