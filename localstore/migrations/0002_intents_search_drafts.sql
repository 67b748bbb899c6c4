-- How many messages only headers are indexed of is told with every search.
CREATE INDEX messages_unindexed_body ON messages (id) WHERE indexed = 1;

-- What waits for an intent, and what is to be done with a folder.
CREATE INDEX pending_after ON pending (after_id) WHERE after_id <> 0;
CREATE INDEX pending_folders ON pending (target_id) WHERE message_id IS NULL;

-- The files of a draft are shown with their size, which bodies.db knows.
ALTER TABLE draft_files ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
