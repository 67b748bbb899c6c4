-- A switch to POP has left its body on the IMAP server: the header stays, whatever becomes of it there.
ALTER TABLE contents ADD COLUMN left_behind INTEGER NOT NULL DEFAULT 0;
