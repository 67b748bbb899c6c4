-- Whom people write as: the names and addresses of each account.
CREATE TABLE identities (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id  INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
  own         INTEGER NOT NULL DEFAULT 0,      -- 1: name and address are those of the account, and stand there
  chosen      INTEGER NOT NULL DEFAULT 0,      -- 1: new letters begin with it
  name        TEXT NOT NULL DEFAULT '',
  address     TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  reply_to    TEXT NOT NULL DEFAULT '',        -- "Name <addr>"; '' none
  signature   TEXT NOT NULL DEFAULT '',
  signature_html TEXT NOT NULL DEFAULT '',
  UNIQUE (account_id, address)
) STRICT;
CREATE UNIQUE INDEX identities_own    ON identities (account_id) WHERE own = 1;
CREATE UNIQUE INDEX identities_chosen ON identities (account_id) WHERE chosen = 1;
INSERT INTO identities (account_id, own, chosen) SELECT id, 1, 1 FROM accounts WHERE mode <> 'local';

-- Whose mailbox servers put a mail into, of what came since: an answer goes out from there.
ALTER TABLE contents ADD COLUMN delivered_to TEXT NOT NULL DEFAULT '';
