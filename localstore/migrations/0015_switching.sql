-- Switching an account between POP and IMAP.
ALTER TABLE switches ADD COLUMN why TEXT NOT NULL DEFAULT '';            -- why it waits, a sentence
CREATE INDEX switches_account ON switches (account_id, id);
ALTER TABLE maildrops ADD COLUMN switched_at INTEGER NOT NULL DEFAULT 0; -- the account was last switched to it; 0: never
ALTER TABLE imap_locations ADD COLUMN proven INTEGER NOT NULL DEFAULT 1; -- 0: the complete header was not compared: nothing goes there because of it
