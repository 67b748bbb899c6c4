-- What a server lists marked \Deleted and is no message here: known by its UID, so that it is not asked for at every
-- pass. It becomes a message when the mark goes.
CREATE TABLE uid_deleted (
  remote_folder_id INTEGER NOT NULL REFERENCES remote_folders(id) ON DELETE CASCADE,
  uidvalidity  INTEGER NOT NULL,
  lo           INTEGER NOT NULL,
  hi           INTEGER NOT NULL,
  PRIMARY KEY (remote_folder_id, uidvalidity, lo)
) STRICT, WITHOUT ROWID;

-- What a server lists and does not hand out: asked for again later and later. It stays in uid_todo.
CREATE TABLE imap_quarantine (
  remote_folder_id INTEGER NOT NULL REFERENCES remote_folders(id) ON DELETE CASCADE,
  uidvalidity  INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  tries        INTEGER NOT NULL,
  next_try     INTEGER NOT NULL,
  PRIMARY KEY (remote_folder_id, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
