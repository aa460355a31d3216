-- Prevention: own ads as they were read, buyers' questions and how soon they were answered, until when a parcel must go.

CREATE TABLE ads (
    account TEXT NOT NULL REFERENCES accounts (name),
    id TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    gone_at TEXT,
    mark TEXT NOT NULL,                     -- digest of what the list said when its page was last read
    read_at TEXT,                           -- when its own page was last read
    tried_at TEXT,                          -- when its own page was last opened, whether it could be read or not
    category TEXT,
    content TEXT NOT NULL,                  -- JSON: what the ad says
    findings TEXT NOT NULL DEFAULT '[]',    -- JSON: the rules that found something when it was read
    PRIMARY KEY (account, id)
) STRICT;

ALTER TABLE accounts ADD COLUMN ads_read_at TEXT;      -- when the list of own ads was last read
ALTER TABLE accounts ADD COLUMN ads_complete INTEGER;  -- whether it was read to its end

-- A question that waits for the seller's answer: the conversation's last message is the buyer's.
CREATE TABLE questions (
    account TEXT NOT NULL REFERENCES accounts (name),
    conversation TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    title TEXT,
    buyer TEXT,
    confidence TEXT NOT NULL,
    reminded_at TEXT,                       -- when the seller was reminded of it
    PRIMARY KEY (account, conversation)
) STRICT;

-- How long the seller took to answer: times alone.
CREATE TABLE answer_times (
    account TEXT NOT NULL REFERENCES accounts (name),
    conversation TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    exact INTEGER NOT NULL,                 -- 0: the answer came between two looks at the list
    PRIMARY KEY (account, conversation, asked_at)
) STRICT;

ALTER TABLE orders ADD COLUMN ship_by TEXT;            -- until when the page wants the parcel to go
ALTER TABLE orders ADD COLUMN buyer_since TEXT;        -- when the buyer registered, where the page says so
ALTER TABLE orders ADD COLUMN paid_at TEXT;            -- when the buyer had paid, where a page told

-- What every check asks, however long the past has grown.
CREATE INDEX orders_missing ON orders (account, conversation) WHERE missing_checks > 0;
CREATE INDEX captures_of_ads ON captures (account, conversation, taken_at) WHERE kind = 'ad';
CREATE INDEX cases_closed ON cases (closed_at);
CREATE INDEX notes_by_order ON notes (order_id, at);
