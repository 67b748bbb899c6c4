-- The brake on replies to conversations that went on (obligations on sending): what the sender knew of the conversation.
ALTER TABLE outbox ADD COLUMN seen_up_to INTEGER NOT NULL DEFAULT 0;   -- messages.id: what came later the sender has not seen
ALTER TABLE outbox ADD COLUMN newer_id   INTEGER NOT NULL DEFAULT 0;   -- messages.id of what came meanwhile, while the letter waits for a word about it
CREATE INDEX outbox_answers ON outbox (account_id) WHERE state = 'queued' AND answers_id > 0;
