-- What happened when an account was online again after a time without a network.
CREATE TABLE journeys (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  since       INTEGER NOT NULL,                -- online until then
  online_at   INTEGER NOT NULL,                -- and again
  ended_at    INTEGER NOT NULL DEFAULT 0,      -- all that waited was tried; 0: not yet
  seen_up_to  INTEGER NOT NULL,                -- messages.id: what came later was received
  intents     TEXT NOT NULL,                   -- JSON: the last of pending.id then, and how many waited of each kind
  letters     TEXT NOT NULL,                   -- JSON: outbox.id of those that waited
  received    INTEGER NOT NULL DEFAULT 0,      -- 1: what was on the server is here
  conflicts   TEXT NOT NULL DEFAULT '[]',      -- JSON: what passes said meanwhile
  report      TEXT NOT NULL DEFAULT ''         -- JSON, when it has ended
) STRICT;
CREATE UNIQUE INDEX journeys_open ON journeys (account_id) WHERE ended_at = 0;
CREATE INDEX journeys_account ON journeys (account_id, id);
ALTER TABLE accounts ADD COLUMN online_until INTEGER NOT NULL DEFAULT 0; -- when it was last known to be online; 0: never
