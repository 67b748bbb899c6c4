-- A search for what few messages have starts from these instead of from its words. Held messages are found too.
CREATE INDEX messages_flagged_place ON messages (ord DESC) WHERE state <> 'deleted' AND flags & 4 <> 0;
CREATE INDEX messages_unread_place ON messages (ord DESC) WHERE state <> 'deleted' AND flags & 1 = 0;
CREATE INDEX contents_attached ON contents (id) WHERE attachments > 0;
