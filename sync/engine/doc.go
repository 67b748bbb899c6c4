// Package engine decides when mail is carried: for every account one
// supervisor connects, backs off, waits for changes and runs passes; one
// sender empties the outbox; one indexer makes what arrived searchable.
//
// It guarantees:
//
//   - Only the holder of the store's lock runs it. Others ask for a pass by a
//     wake row and read its report.
//   - A pass is: apply, receive, send, bodies. Letters wait for the first
//     Receive of their account, at most a minute, so that what they answer may
//     be seen first.
//   - Bodies that a person waits for come over a connection of their own and
//     never stand behind a bulk sync.
//   - What time or a connection mends is retried for ever and shown only as
//     "offline since"; what the user must mend stops that account alone and
//     waits for a word.
//   - A server that refuses a sign-in without saying that the password is wrong
//     is asked again, ever more rarely, with the password that it has let in
//     before, and three times with one that is new to it.
//   - A server that always has something new and then nothing is left alone,
//     longer and longer.
//   - When its context ends, connections are closed at once and Run returns
//     when everything has stopped.
package engine
