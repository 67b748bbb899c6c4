-- What came back about a letter that its server had taken (RFC 3464), in the words of who says it.
ALTER TABLE outbox_recipients ADD COLUMN bounced TEXT NOT NULL DEFAULT '';
