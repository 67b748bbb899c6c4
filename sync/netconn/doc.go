// Package netconn dials the servers of an account and hands out connections
// that are safe to talk over.
//
// It guarantees:
//
//   - Protection never falls back. With TLS or STARTTLS asked for, not a byte
//     of the protocol beyond the upgrade leaves before the handshake has
//     verified the server; what the server said before it is thrown away
//     (RFC 2595 §2.4), and bytes that arrive behind the STARTTLS answer abort
//     the connection (response injection).
//   - Plain connections go to loopback only, unless the account says insecure.
//   - Nothing waits for ever: dialling, the handshake, every read and every
//     write have limits, and cancelling the context closes the connection.
//   - Bytes and turns are counted, and on the wire, beneath TLS, by the Meter
//     of the context.
//   - What greets in the words of another protocol is told by name, as a wrong
//     port, and so is a server that wants TLS first.
//
// A Conn's first bytes are always a greeting, after STARTTLS one of our own
// making, so that client libraries need not know of the upgrade.
package netconn
