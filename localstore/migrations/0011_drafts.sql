-- Drafts on a server.
ALTER TABLE drafts ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0; -- the version that its message holds whole; 0: none
ALTER TABLE drafts ADD COLUMN own    INTEGER NOT NULL DEFAULT 0; -- 0: the message is as another program wrote it
