package popsync

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// newGone is a rig whose mails have all left the server, and are known to be gone.
func newGone(t *testing.T, policy localstore.DeletePolicy, hide []string, mails ...[]byte) *rig {
	t.Helper()
	r := newRig(t, 0, fakepop.Options{Hide: hide})
	r.policy(policy)
	for _, m := range mails {
		r.deliver(m)
	}
	r.mustReceive()
	var all []uint32
	for _, m := range r.user.Mailbox("INBOX").Messages() {
		all = append(all, m.UID)
	}
	r.user.Mailbox("INBOX").Expunge(all...)
	r.mustReceive()
	if got := r.ledger(); got[localstore.PopGone] != len(mails) {
		t.Fatalf("%v", got)
	}
	return r
}

// TestOneMailIsRestored under another UIDL after it was gone: it is the same
// delivery, byte for byte, and does not come twice, nor a third time.
func TestOneMailIsRestored(t *testing.T) {
	cases := 0
	for _, hide := range [][]string{nil, {"TOP"}, {"PIPELINING"}} {
		for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteDays, localstore.DeleteNever} {
			for _, deleted := range []bool{false, true} {
				for _, limit := range []int64{0, 100} {
					if cases++; hide != nil && !sampled(cases) {
						continue
					}
					r := newGone(t, policy, hide, testMail(5), testMail(6), testMail(7))
					r.account.PopLimit = limit
					r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
					back := r.sent[1]
					want := 3
					if deleted {
						want = 2
						for _, m := range r.inbox() {
							if m.Subject == "Mail 6" {
								r.write(func(tx *localstore.Tx) error { return tx.DeleteNow([]localstore.MessageID{m.ID}) })
							}
						}
					}
					when := fmt.Sprint(hide, policy, deleted, limit)
					for range 2 {
						r.user.Deliver(back, r.clock.Now())
						for range 2 {
							if report := r.mustReceive(); report.Received != 0 || len(r.inbox()) != want {
								t.Errorf("%s: %+v, %d mails are here", when, report, len(r.inbox()))
							}
						}
						if policy != localstore.DeleteNow {
							break // it lies there
						}
						r.wantOnServer(when, 0)
					}
					if limit == 0 {
						r.wantNoSins(when) // of a large one only the header is seen again
					}
				}
			}
		}
	}
}

// TestWhatIsSentTwiceStaysTwo: another delivery, a mail without the trace of
// one, and one whose first copy is listed still, are mails of their own.
func TestWhatIsSentTwiceStaysTwo(t *testing.T) {
	first := testMail(5)
	bare := first[bytes.IndexByte(first, '\n')+1:]
	for name, mails := range map[string][2][]byte{
		"another trace": {first, bytes.Replace(first, []byte("00:05:00"), []byte("00:05:01"), 1)},
		"no trace":      {bare, bare},
		"another body":  {first, bytes.Replace(first, []byte("That was"), []byte("This was"), 1)},
	} {
		for _, hide := range [][]string{nil, {"TOP"}} {
			for _, policy := range []localstore.DeletePolicy{localstore.DeleteNow, localstore.DeleteNever} {
				r := newGone(t, policy, hide, mails[0], testMail(8))
				r.deliver(mails[1])
				for range 2 {
					r.mustReceive()
					r.wantAll(strings.Join(append(hide, name, string(policy)), ", "))
				}
				r.wantNoSins(name)
			}
		}
	}
	for _, hide := range [][]string{nil, {"TOP"}} {
		r := newRig(t, 2, fakepop.Options{Hide: hide})
		r.policy(localstore.DeleteNever)
		r.mustReceive()
		r.deliver(testMail(5))
		r.mustReceive()
		r.wantAll("beside its first copy")
	}
}

// TestAListsCopyAfterTheFirstHasLeft: two deliveries of one mail, of which the
// first was just removed, are two.
func TestAListsCopyAfterTheFirstHasLeft(t *testing.T) {
	first := testMail(5)
	second := bytes.Replace(first, []byte("from a by b"), []byte("from l by b"), 1)
	for _, hide := range [][]string{nil, {"TOP"}} {
		r := newRig(t, 0, fakepop.Options{Hide: hide})
		r.deliver(first)
		r.mustReceive()
		r.deliver(second)
		r.mustReceive()
		r.mustReceive()
		r.wantAll(fmt.Sprint("without ", hide))
		r.wantOnServer("in the end", 0)
	}
}

func TestTrace(t *testing.T) {
	for header, want := range map[string]string{
		"":                              "",
		"Subject: a\r\n\r\nReceived: x": "",
		"Received: from a\r\n\tby b; now\r\nSubject: Received: c\r\nRECEIVED:d\r\n\r\n": "Received:fromabyb;nowRECEIVED:d",
		"X-Received: a\nreceived: b\n c\n":                                              "received:bc",
		" Received: a\r\n":                                                              "",
	} {
		if got := trace([]byte(header)); got != want {
			t.Errorf("%q: %q", header, got)
		}
	}
}

// TestABackupIsRestoredAndTheSessionBreaks: what was doubted and not looked at
// when a session broke is looked at in the next one.
func TestABackupIsRestoredAndTheSessionBreaks(t *testing.T) {
	for _, hide := range [][]string{nil, {"PIPELINING"}, {"TOP"}} {
		for _, confirmed := range []bool{true, false} {
			for cut := 1000; cut <= 9000; cut += 1000 {
				r := newRig(t, 20, fakepop.Options{Hide: hide})
				r.mustReceive()
				if confirmed {
					r.mustReceive()
				}
				r.again()
				r.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: int64(cut)})
				r.receive()
				r.server.Heal()
				r.mustReceive()
				if n := len(r.inbox()); n != 20 {
					t.Errorf("without %v, confirmed %v, cut after %d bytes: %d mails are here", hide, confirmed, cut, n)
				}
			}
		}
	}
}

// TestMailThatLooksLikeWhatWasJustRemoved: mail whose header has no trace and is
// equal, of the same size, with the same body or another, comes right after the
// server has agreed to remove the first. It is never removed unseen.
func TestMailThatLooksLikeWhatWasJustRemoved(t *testing.T) {
	traced := testMail(5)
	first := traced[bytes.IndexByte(traced, '\n')+1:]
	other := func(m []byte) []byte { return bytes.Replace(m, []byte("That was"), []byte("This was"), 1) }
	for name, mails := range map[string][2][]byte{"the same": {first, first}, "another body": {first, other(first)}, "another body behind the same trace": {traced, other(traced)}} {
		first, second := mails[0], mails[1]
		for _, hide := range [][]string{nil, {"TOP"}, {"UIDL"}, {"UIDL", "TOP"}} {
			for _, cut := range []bool{false, true} {
				when := fmt.Sprintf("%s, without %v, QUIT unanswered %v", name, hide, cut)
				r := newRig(t, 0, fakepop.Options{Hide: hide})
				r.deliver(first)
				r.deliver(testMail(8))
				if cut {
					r.play("drop-after-quit-once")
				}
				r.receive()
				r.wantOnServer(when+", first", 0)
				r.deliver(second)
				r.mustReceive()
				r.mustReceive()
				if cut && name == "the same" {
					continue // nobody can tell whether the server had removed it
				}
				r.wantAll(when)
				r.wantOnServer(when, 0)
				r.wantNoSins(when)
			}
		}
	}
}

// TestAServerThatFeignsAndChangesUIDLs agrees to remove mail without a trace,
// keeps it, and lists it under other UIDLs.
func TestAServerThatFeignsAndChangesUIDLs(t *testing.T) {
	for _, hide := range [][]string{nil, {"TOP"}} {
		r := newRig(t, 0, fakepop.Options{Hide: hide})
		for n := range 6 {
			m := testMail(n + 5)
			r.deliver(m[bytes.IndexByte(m, '\n')+1:])
		}
		r.play("swallow-dele", "uidl-changes")
		for range 3 {
			r.receive()
			r.clock.Advance(48 * time.Hour)
		}
		r.play()
		for range 3 {
			r.mustReceive()
			r.clock.Advance(48 * time.Hour)
		}
		r.wantAll(fmt.Sprint("without ", hide))
		r.wantOnServer(fmt.Sprint("without ", hide), 0)
	}
}
