-- From cancellation to closed case: what was said about parcels, why buyers cancelled, what it cost, what was told.

ALTER TABLE cases ADD COLUMN ending TEXT;
ALTER TABLE cases ADD COLUMN reason TEXT;
ALTER TABLE cases ADD COLUMN reason_found INTEGER NOT NULL DEFAULT 0;   -- 1: found in the chat, not told by the seller
UPDATE cases SET ending = 'by_steps' WHERE closed_at IS NOT NULL;

ALTER TABLE steps ADD COLUMN certainty TEXT NOT NULL DEFAULT 'certain';
ALTER TABLE steps ADD COLUMN because TEXT;

ALTER TABLE orders ADD COLUMN shipping_option TEXT;
ALTER TABLE orders ADD COLUMN liability_cents INTEGER;
ALTER TABLE orders ADD COLUMN made_at TEXT;              -- when the deal was made; NULL while it is a request

-- A contact with the platform's support is a note of its own kind.
ALTER TABLE notes ADD COLUMN kind TEXT NOT NULL DEFAULT 'note';

-- What was said about a parcel, by whom and when. `words` are the carrier's, and can be erased.
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    milestone TEXT NOT NULL,
    at TEXT NOT NULL,
    learnt_at TEXT NOT NULL,
    origin TEXT NOT NULL,
    confidence TEXT NOT NULL,
    at_shop INTEGER NOT NULL,
    carrier TEXT,
    number TEXT,
    words TEXT NOT NULL
) STRICT;
-- The same word, told again at the next poll, is one sighting.
CREATE UNIQUE INDEX sightings_once ON sightings (order_id, milestone, at, origin, ifnull(number, ''), words);

-- Money beside the price: fees, postage, parts that were refunded.
CREATE TABLE costs (
    id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    cents INTEGER NOT NULL,
    payer TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX costs_by_order ON costs (order_id);

-- Hints in an order that are worth a closer look, and the rule that raised each.
CREATE TABLE signs (
    order_id TEXT NOT NULL REFERENCES orders (id),
    rule TEXT NOT NULL,
    at TEXT,
    quote TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (order_id, rule)
) STRICT;

-- Why the buyer of a case cancelled, as a rule found it in the chat, with the sentence it was found in. What the seller names
-- instead stands in `cases`.
CREATE TABLE found_reasons (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    reason TEXT NOT NULL,
    rule TEXT NOT NULL,
    sentence TEXT NOT NULL,
    confidence TEXT NOT NULL,
    found_at TEXT NOT NULL
) STRICT;

-- Small things that outlive a restart: how much of a tracking service's quota is used, which nights the machine slept.
CREATE TABLE remembered (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
