package popsync

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// padded returns a mail of its own with exactly size bytes.
func padded(n, size int) []byte {
	raw := testMail(n)
	return append(raw, strings.Repeat("p", size-2-len(raw))+"\r\n"...)
}

// names gives mails their UIDLs, by UID.
type names struct{ sync.Map }

func (n *names) set(uidls ...string) {
	for i, uidl := range uidls {
		n.Store(uint32(i+1), uidl)
	}
}

func (n *names) of(_ uint32, m fakeserver.Message) string {
	uidl, _ := n.Load(m.UID)
	return fmt.Sprint(uidl)
}

// TestUIDLsMoveToOtherMails: a UIDL goes to new mail of the same size, and the
// mail that had it is listed under another's, or under a new one.
func TestUIDLsMoveToOtherMails(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteDays, localstore.DeleteNow} {
		for _, hide := range [][]string{nil, {"TOP"}, {"PIPELINING"}} {
			for _, size := range []int{1200, 400 << 10} {
				for _, moved := range [][]string{{"B", "C", "A"}, {"C", "B", "A"}, {"B", "A", "C"}} {
					when := fmt.Sprint(policy, " without ", hide, ", ", size, " bytes, ", moved)
					var n names
					r := newRig(t, 0, fakepop.Options{Hide: hide, UIDL: n.of})
					r.policy(policy)
					n.set("A", "B")
					r.deliver(padded(1, size))
					r.deliver(padded(2, size+200))
					if policy == localstore.DeleteNow {
						r.play("swallow-dele")
					}
					r.mustReceive()
					r.deliver(padded(3, size))
					n.set(moved...)
					r.mustReceive()
					r.mustReceive()
					r.wantAll(when)
				}
			}
		}
	}
}

// TestAMailInDoubtUnderAnotherUIDL, and at its right size.
func TestAMailInDoubtUnderAnotherUIDL(t *testing.T) {
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteNow} {
		var n names
		r := newRig(t, 0, fakepop.Options{UIDL: n.of})
		r.policy(policy)
		n.set("A", "B")
		r.deliver(testMail(1))
		r.deliver(testMail(2))
		r.play("sizes-double")
		stored := 0
		r.options.commit = func(write func() error) error {
			err := write()
			if stored++; stored == 3 { // the session's last: the next one shows other UIDLs and sizes
				n.set("C", "D")
				r.play()
			}
			return err
		}
		r.receive()
		r.options.commit = nil
		r.mustReceive()
		r.mustReceive()
		r.wantAll(string(policy))
	}
}
