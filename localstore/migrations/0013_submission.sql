-- What the server for sending said when it was last asked. A row is about the server that it names and no other.
CREATE TABLE submissions (
  account_id  INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
  host        TEXT NOT NULL,
  port        INTEGER NOT NULL,
  size_limit  INTEGER NOT NULL DEFAULT 0,      -- bytes of a letter (SIZE); 0: it names none
  trouble     TEXT NOT NULL DEFAULT '',        -- why letters wait: offline sign-in certificate settings busy; '' they do not
  words       TEXT NOT NULL DEFAULT '',
  at          INTEGER NOT NULL                 -- when this became so
) STRICT;
