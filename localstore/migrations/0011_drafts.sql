-- Drafts on a server.
ALTER TABLE drafts ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0; -- the version that its message holds whole; 0: none
ALTER TABLE drafts ADD COLUMN own    INTEGER NOT NULL DEFAULT 0; -- 0: the message is as another program wrote it
-- What lies here already is not uploaded unasked: it goes when it is written on.
UPDATE drafts SET own = 1, put_at = coalesce((SELECT max(at) FROM draft_versions WHERE draft_id = drafts.id), 0);
