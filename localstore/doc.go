// Package localstore keeps a person's mail on disk: what is here, what the
// servers hold of it, and what is still to be done.
//
// It guarantees:
//
//   - What a Write returned without error for is durable: it survives a crash
//     of the program and a loss of power (WAL, synchronous=FULL). A Write is
//     all or nothing.
//   - A row names only a blob that is complete on disk. Blobs are finished
//     first (Store.CompleteBlobs), rows that name them are written second.
//   - No message that is here goes because of a Read, a migration, a damaged
//     index or a full disk. Search is rebuilt, never trusted.
//   - Ids are never reused.
//   - An account that is removed is out of every list and search at once; what
//     is kept of its mail is in its new place all at once, whatever happened.
//   - Counts of folders and conversations always equal what COUNT would say:
//     triggers keep them.
//
// Layout of a profile folder:
//
//	mail.db    accounts, folders, messages, locations, intents, outbox
//	bodies.db  the bytes of mail, in chunks; never attached for writing
//	search.db  the full-text index; thrown away and rebuilt when damaged
//	lock       held by the process that runs the sync engine
//	log/       what went on
//
// A Store is safe for concurrent use: one writer, four readers, and the same
// for bodies. Several processes may open one profile; only the holder of
// Store.Lock runs the engine, all others read and write intents. Nobody waits
// for the network inside Read or Write.
//
// The schema is the numbered files in migrations/ and nothing else.
package localstore
