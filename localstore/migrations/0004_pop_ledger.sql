-- What the user keeps in a POP maildrop whatever the policy says.
ALTER TABLE pop_locations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;

-- Of a larger mail a POP account fetches the header, and the rest when asked; 0: no limit.
ALTER TABLE accounts ADD COLUMN pop_limit INTEGER NOT NULL DEFAULT 0;

CREATE INDEX pop_locations_gone ON pop_locations (maildrop_id, gone_at) WHERE state = 'gone';
