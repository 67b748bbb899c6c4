// Package fakeserver is a small mail world on the loopback: users with
// mailboxes, and what its three servers (fakepop, fakeimap, fakesmtp) have in
// common. The tests and the built-in demo run on it.
//
// It guarantees that a run can be repeated: nothing is random, time is that of
// the World's clock, and a fault happens at a named step (Script) or at a
// counted byte (Fault), never after a delay. A server keeps a transcript, a
// count of bytes and turns, and a list of the sins that a client committed
// against the protocol.
//
// The servers are honest unless told otherwise; what they are told is called a
// scenario and has a name, such as "drop-after-dele".
package fakeserver
