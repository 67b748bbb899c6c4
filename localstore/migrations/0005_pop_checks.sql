-- What POP sessions have learned of a maildrop.
ALTER TABLE maildrops ADD COLUMN first_mails INTEGER NOT NULL DEFAULT -1; -- listed at first sight; -1: not known, or the account held other mail then
ALTER TABLE maildrops ADD COLUMN expire_zero INTEGER NOT NULL DEFAULT 0;  -- CAPA said EXPIRE 0 (RFC 2449 §6.7)
ALTER TABLE maildrops ADD COLUMN doubted_at  INTEGER NOT NULL DEFAULT 0;  -- a UIDL was found on another mail: what was not confirmed since is in doubt
ALTER TABLE maildrops ADD COLUMN deaf_to     TEXT    NOT NULL DEFAULT ''; -- verbs at which the server ends the connection
ALTER TABLE maildrops ADD COLUMN deaf_at     INTEGER NOT NULL DEFAULT 0;

ALTER TABLE pop_locations ADD COLUMN fields_hash BLOB;                      -- contents.fields_hash, which outlives the message
ALTER TABLE pop_locations ADD COLUMN checked_at  INTEGER NOT NULL DEFAULT 0; -- the server has shown that the UIDL means this mail
ALTER TABLE pop_locations ADD COLUMN tries       INTEGER NOT NULL DEFAULT 0; -- times that fetching it was given up
ALTER TABLE pop_locations ADD COLUMN deletes     INTEGER NOT NULL DEFAULT 0; -- times that the server has agreed to remove it
ALTER TABLE pop_locations ADD COLUMN retry_at    INTEGER NOT NULL DEFAULT 0; -- not to be fetched, or removed again, before
UPDATE pop_locations SET fields_hash = (SELECT c.fields_hash FROM messages m JOIN contents c ON c.id = m.content_id WHERE m.id = pop_locations.message_id)
	WHERE message_id IS NOT NULL;
