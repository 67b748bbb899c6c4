-- What is fetched before a journey. A pack asks for bodies as people do (wanted), each at its place.
ALTER TABLE wanted ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;  -- 0: a person waits for it; else its place in the account's pack
ALTER TABLE wanted ADD COLUMN tries INTEGER NOT NULL DEFAULT 0; -- connections that broke while the pack waited for it
CREATE INDEX wanted_rank ON wanted (rank, content_id, section) WHERE rank > 0 AND error = '';
CREATE INDEX wanted_asked ON wanted (content_id, section) WHERE rank = 0;

-- The last pack of each account.
CREATE TABLE packs (
  account_id  INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
  choice      TEXT NOT NULL,                   -- JSON
  begun_at    INTEGER NOT NULL,                -- Unix milliseconds
  ended_at    INTEGER NOT NULL DEFAULT 0,      -- 0: under way
  total       INTEGER NOT NULL DEFAULT 0,      -- wishes made for it
  spent       INTEGER NOT NULL DEFAULT 0,      -- bytes on the wire, both directions
  receipt     TEXT NOT NULL DEFAULT ''         -- JSON, when it has ended
) STRICT;

-- What the pack under way is to make readable. A message that is gone meanwhile stays in it, to be told.
CREATE TABLE pack_messages (
  account_id  INTEGER NOT NULL REFERENCES packs(account_id) ON DELETE CASCADE,
  message_id  INTEGER NOT NULL,
  content_id  INTEGER NOT NULL,
  rank        INTEGER NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',        -- why it is not even asked for
  PRIMARY KEY (account_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pack_messages_content ON pack_messages (content_id);

-- Bytes on the wire, of each account and day of this computer.
CREATE TABLE traffic (
  account_id  INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  day         TEXT NOT NULL,                   -- 2026-03-04
  up          INTEGER NOT NULL,
  down        INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;
