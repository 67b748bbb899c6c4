-- What a server could do when it was last signed in to: the next sign-in goes in one flight with what follows.
ALTER TABLE maildrops ADD COLUMN capabilities TEXT NOT NULL DEFAULT '';          -- words with a blank between
ALTER TABLE maildrops ADD COLUMN capabilities_at INTEGER NOT NULL DEFAULT 0;     -- Unix seconds; 0: never known
