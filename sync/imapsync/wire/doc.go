// Package wire is the net.Conn under go-imap's client. It takes an open
// connection (TLS already done, STARTTLS already behind us) and guarantees:
//
//   - The library never dies of what the server says. The stream is cut into
//     responses by the protocol's own rules (lines and literals), and every
//     response the library gets is written anew from the values that were read.
//     What it could not bear is left out and told as an Event.
//   - Nothing grows without bound: lines, literals, nesting, lists and bytes
//     that nobody asked for all have limits (Limits).
//   - Nothing waits for ever: this package alone sets deadlines, Bind closes
//     the connection as soon as a context ends, and Err tells why the
//     connection died (the library keeps only the text of errors).
//   - Whatever the server says unasked, and whatever the library would drop
//     (VANISHED, changed flags, ALERT, MODIFIED, extensions' data), arrives as
//     Events, in the order of the stream.
//   - An answer that arrived damaged never looks like a complete one: its
//     command ends in NO with CodeDamaged.
//   - What Together begins leaves in one piece.
//   - Bytes and turns are counted; passwords and tokens are in no trace.
//
// Rules for the code above, which come from the library:
//
//   - No command may be begun by another goroutine while Idle, Append or
//     Authenticate is being begun: the library would hand the server's "+" to
//     the wrong one.
//   - When a server refuses a literal ("NO" instead of "+"), the library closes
//     the connection after reporting the refusal.
//   - Every FETCH and LIST must be read to its end, each from its own goroutine
//     when several are under way: the reader waits for the consumer.
package wire
