// Package switching changes an account between POP and IMAP in place. It knows
// neither protocol: what it needs of their servers it asks through Mailbox,
// Maildrop and link.Link, which the engine gives it.
//
// It guarantees:
//
//   - A switch deletes nothing and uploads nothing, here or on a server: no
//     DELE, no EXPUNGE, no \Deleted, no APPEND.
//   - A mail that both sides have is shown once. It is recognised by its UIDL
//     where that holds its UID and samples prove it, else by the fields of its
//     header, and among equals by the complete header. Several equal mails are
//     matched as many as there are on both sides. A match only binds.
//   - The mode changes in one commit of the store. Before it the account is as
//     it was; after it the account is usable, also without a network. Whatever
//     is cut goes on where it was, or begins anew.
//   - A switch to POP waits until everything that the user did has reached the
//     server, and until the mail that he chose is here whole.
package switching
