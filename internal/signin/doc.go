// Package signin knows the ways to prove to a mail server who one is, as
// mechanisms of SASL (RFC 4422) that the protocols carry.
//
// It guarantees:
//
//   - An access token is never sent as a password, and no password as a token:
//     the account's method decides, not what the server happens to offer.
//   - A server that refuses a token gets the empty answer that its mechanism
//     demands (RFC 7628 §3.2.3), so that the exchange ends in its own words.
//   - Nothing here keeps or logs a secret.
package signin
