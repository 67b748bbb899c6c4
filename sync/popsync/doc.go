// Package popsync brings the mail of a POP3 maildrop (RFC 1939) into the store
// and removes it there when the account's policy says so.
//
// It guarantees:
//
//   - DELE is sent only for a mail whose every byte and whose row are durable
//     here, and only in the session that fetched it or after the server has
//     shown once more that the number means that mail: by TOP n 0, else by
//     RETR.
//   - A mail is known by maildrop, UIDL and the hash of its header. UIDLs that
//     change, repeat, are used again or are missing cost bytes, never a mail
//     and never a double.
//   - A mail that comes shorter than it was announced is removed from the server
//     only when a second session has brought just as many bytes. Onto damaged
//     files mail is received, and nothing is removed.
//   - What is not listed is not removed here, whatever the listing.
//   - What is stored are the server's bytes, exactly, without the dots that
//     RFC 1939 §3 adds.
//   - One bad message blocks no other: it is noted as skipped, shown where its
//     header can be had, and tried again.
//   - A pass ends, whatever the server does.
//   - Memory stays flat: a mail over 256 KiB goes to the disk as it arrives;
//     every answer has a limit of bytes and of time.
//
// A Link outlives its sessions. Each pass of Receive signs in, and ends with
// QUIT, because only QUIT makes deletions real (RFC 1939 §6) and frees the
// maildrop; after 1,000 messages, 100 MB or five minutes it does so in between.
package popsync
