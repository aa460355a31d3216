-- Looking things up by pages: what is shown is found without going through everything.

CREATE INDEX orders_by_change ON orders (stage_at DESC, id);
CREATE INDEX orders_by_stage ON orders (stage, stage_at DESC);
CREATE INDEX orders_by_title ON orders (title IS NULL, title COLLATE NOCASE, id);
CREATE INDEX orders_by_amount ON orders (amount_cents IS NULL, amount_cents DESC, id);
CREATE INDEX cases_open ON cases (opened_at) WHERE closed_at IS NULL;
CREATE INDEX captures_by_time ON captures (taken_at DESC, id);
