-- A body or part of which the beginning is here, so that what was cut goes on where it stopped. It is good for the one
-- message that it was begun for, and only while its server says the same of its size.
CREATE TABLE begun (
  content_id  INTEGER NOT NULL REFERENCES contents(id) ON DELETE CASCADE,
  section     TEXT NOT NULL,                   -- '' the whole mail, else an IMAP section
  blob_id     INTEGER NOT NULL,                -- incomplete: the one row that may name such a blob
  remote_folder_id INTEGER NOT NULL REFERENCES remote_folders(id) ON DELETE CASCADE,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  size        INTEGER NOT NULL,                -- what the server says of it
  at          INTEGER NOT NULL,
  PRIMARY KEY (content_id, section)
) STRICT, WITHOUT ROWID;
CREATE INDEX begun_folder ON begun (remote_folder_id);
ALTER TABLE wanted DROP COLUMN blob_id;

-- What is fetched unasked, and how much of it is kept.
ALTER TABLE accounts ADD COLUMN fetch_limit INTEGER NOT NULL DEFAULT 0;     -- bytes: of larger mail the text comes; 0: no limit
ALTER TABLE accounts ADD COLUMN quota INTEGER NOT NULL DEFAULT 0;           -- bytes of bodies here; 0: no limit
ALTER TABLE accounts ADD COLUMN full_after INTEGER NOT NULL DEFAULT 0;      -- messages.id: there is room for newer ones only; 0: for all
ALTER TABLE folders ADD COLUMN fetch_limit INTEGER NOT NULL DEFAULT -1;     -- -1: as the account
ALTER TABLE remote_folders ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0; -- by a person; matters where the policy is none
ALTER TABLE contents ADD COLUMN evicted INTEGER NOT NULL DEFAULT 0;         -- its body left to make room: it comes again when asked for
DROP INDEX contents_read;
CREATE INDEX contents_evicted ON contents (account_id) WHERE evicted = 1;
CREATE INDEX contents_kept ON contents (account_id, read_at, id, body_state, size) WHERE body_state > 0;

-- What a server lists and does not hand out, or breaks off at: found by asking for less and less at once (breaks), and
-- asked for again later and later (tries). Of headers (what = '') the UID stays in uid_todo.
DROP TABLE imap_quarantine;
CREATE TABLE imap_quarantine (
  remote_folder_id INTEGER NOT NULL REFERENCES remote_folders(id) ON DELETE CASCADE,
  uidvalidity  INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  what         TEXT NOT NULL,                   -- '' its header, 'body' its body
  breaks       INTEGER NOT NULL,                -- connections that broke while it was waited for
  tries        INTEGER NOT NULL,                -- 0: suspected only
  next_try     INTEGER NOT NULL,
  PRIMARY KEY (remote_folder_id, uidvalidity, uid, what)
) STRICT, WITHOUT ROWID;
