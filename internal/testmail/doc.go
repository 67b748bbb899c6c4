// Package testmail makes mail: mailboxes of any size for tests and benches, a
// believable one for the demo, and single mails as bad as mail gets.
//
// Everything is deterministic. The same options give the same bytes on every
// machine and in every run; no clock and no random source is asked. All texts
// are written for this project.
package testmail
