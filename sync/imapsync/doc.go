// Package imapsync carries mail between the store and an IMAP server.
//
// It guarantees:
//
//   - Viewing changes nothing on the server: bodies are fetched by BODY.PEEK,
//     folders are opened by EXAMINE unless an intent is to be applied.
//   - What the server announced is written down (uid_todo) before anything of
//     it is fetched, so that a cut at any point misses no message.
//   - A message leaves the store only when a complete listing under the same
//     UIDVALIDITY no longer has it, and then by the keep rule.
//   - Flags travel as differences, never as whole sets (RFC 4549 §4.2.3).
//   - MOVE is used only where it is offered; else COPY, its confirmation, and
//     then the removal of these UIDs alone (RFC 4315 §2.1). Other clients'
//     \Deleted mail is never expunged.
//   - Commands that only ask are written together and answered in one turn. What
//     a server says in such a flight is believed as far as it agrees with what
//     it says elsewhere (EXISTS); nothing is lost by one that lies, breaks off or
//     answers in another order.
//   - A password or token goes unasked only over TLS, to a server that is known,
//     and never by LOGIN.
//   - APPEND and COPY are repeated only after looking for what the first try
//     may have left behind.
//   - What came of a body before a cut is kept, and the rest is asked for; only
//     of the very same message, under the same UIDVALIDITY and with the same
//     size. Whoever waits comes before what comes for nobody.
//   - A message that a server does not hand out, or breaks off at, is found,
//     told once and left alone for a while; nothing else waits for it.
//
// A refused sign-in is the user's to mend only when the server says so: by
// AUTHENTICATIONFAILED, AUTHORIZATIONFAILED or EXPIRED, or by sending him to a
// web page or another server. UNAVAILABLE, INUSE, LIMIT, THROTTLED, OVERQUOTA,
// SERVERBUG and CONTACTADMIN ask for patience (remedy Later, cause Server). A
// NO without a code or with another one, such as ALERT, says nothing about the
// password: it has remedy Later and cause SignIn, and the engine decides from
// what it knows of the account. Check, for which somebody waits, lets him
// decide.
//
// Headers are asked for in bulk and parsed here: the library's parser for
// ENVELOPE and BODYSTRUCTURE gives up on what real servers send. Structure is
// asked for only of mail whose text is wanted without its attachments.
package imapsync
