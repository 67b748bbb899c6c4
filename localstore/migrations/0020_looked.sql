-- When it was first looked whether an unsure letter has gone out, with all mail received: ten minutes later the user is asked.
ALTER TABLE outbox ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;
