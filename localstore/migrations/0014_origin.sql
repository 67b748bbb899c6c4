-- By what a copy of this profile, or an older state of it, is told from the profile itself: the same stands in the file
-- "origin" beside it.
CREATE TABLE origin (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  id          TEXT NOT NULL,                   -- of this profile, random
  count       INTEGER NOT NULL,                -- +1 before letters leave
  file        TEXT NOT NULL DEFAULT '',        -- JSON: what the file system says of the file, since it holds this count; '' not yet
  restored_at INTEGER NOT NULL DEFAULT 0       -- it was found to be a copy, and nobody has said yet that it goes on; 0: it is none
) STRICT;
