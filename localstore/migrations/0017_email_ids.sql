-- The server's own name of a mail, the same in all its folders.
ALTER TABLE contents ADD COLUMN email_id TEXT NOT NULL DEFAULT ''; -- "maildrop id"; '': not told
CREATE INDEX contents_email_id ON contents (account_id, email_id) WHERE email_id <> '';
