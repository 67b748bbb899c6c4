package engine_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sea is an account, two Paquebots and another client.
type sea struct {
	*testing.T
	server   other
	clients  []*client
	history  *history
	letters  int // queued
	versions int // of drafts
	problems []string
}

func newSea(t *testing.T, server other) *sea {
	s := &sea{T: t, server: server, history: &history{most: map[string]int{}, gone: map[string]bool{}, counts: map[string]int{}, byCopy: !server.moves()}}
	for i := range 12 {
		s.history.next++
		s.history.most[subject(s.history.next)]++
		server.deliver("INBOX", mail(s.history.next, i))
	}
	server.create("F1")
	server.create("F1/F2")
	for _, name := range []string{"A", "B"} {
		s.clients = append(s.clients, newClient(t, name, server))
	}
	return s
}

func (s *sea) problem(format string, args ...any) {
	s.history.mu.Lock()
	defer s.history.mu.Unlock()
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

// run carries out operations and returns what was wrong then.
func run(t *testing.T, server other, ops []op) (*sea, []string) {
	s := newSea(t, server)
	for _, o := range ops {
		if o.who == 2 {
			s.elsewhere(o)
		} else {
			s.here(s.clients[o.who], o)
		}
		for _, c := range s.clients {
			c.away--
		}
	}
	s.quiesce()
	s.check()
	return s, s.problems
}

// worlds are the servers on which all converges.
var worlds = map[string][]string{
	"QRESYNC":   nil,
	"CONDSTORE": {"QRESYNC", "LIST-STATUS"},
	"IMAP4rev1": {"QRESYNC", "CONDSTORE", "UIDPLUS", "MOVE", "IDLE", "ESEARCH", "LITERAL+", "SASL-IR", "SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS", "UNSELECT", "NAMESPACE", "ENABLE", "ID", "CHILDREN"},
}

// TestConverge: two Paquebots and another client do what they like to one
// account, offline, cut off, killed and all at once. When all is quiet, both
// have what the server has, and nothing is lost or double.
func TestConverge(t *testing.T) {
	seed, seeds, length := measure(t, 3, 60)
	for name, hide := range worlds {
		t.Run(name, func(t *testing.T) {
			for i := range seeds {
				t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
					t.Parallel()
					converge(t, plan(seed+i, length), func(t *testing.T) other { return newFakeOther(t, hide...) })
				})
			}
		})
	}
}

// TestConvergeOnDovecot is TestConverge on a real server, which announces more or
// less of what it can as the seeds go on.
func TestConvergeOnDovecot(t *testing.T) {
	seed, seeds, length := measure(t, 1, 40)
	announced := []string{"", "IMAP4rev1 STARTTLS AUTH=PLAIN CONDSTORE UIDPLUS MOVE IDLE LITERAL+", "IMAP4rev1 STARTTLS AUTH=PLAIN"}
	for i := range seeds {
		t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
			converge(t, plan(seed+i, length), func(t *testing.T) other { return newRealOther(t, announced[(seed+i)%3]) })
		})
	}
}

// measure says which seeds are played and how long: a sample, or 50 seeds of
// 1,000 operations with PAQUEBOT_TORTURE=1.
func measure(t *testing.T, some uint64, short int) (seed, seeds uint64, length int) {
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("PAQUEBOT_SEED"), "1"), 10, 64)
	if err != nil {
		t.Fatalf("PAQUEBOT_SEED: %v", err)
	}
	t.Logf("PAQUEBOT_SEED=%d", seed)
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		return seed, 50, 1000
	}
	return seed, some, short
}

// converge runs operations; when they end badly it looks for fewer that do.
func converge(t *testing.T, ops []op, server func(*testing.T) other) {
	s, wrong := run(t, server(t), ops)
	var did []string
	for _, kind := range sortedKeys(s.history.counts) {
		did = append(did, fmt.Sprintf("%d %s", s.history.counts[kind], kind))
	}
	t.Logf("%d operations, %d mails: %s", len(ops), s.history.next, strings.Join(did, ", "))
	if len(wrong) == 0 {
		return
	}
	t.Errorf("%s", strings.Join(wrong, "\n"))
	tries := 0
	ops = shrink(ops, func(fewer []op) (bad bool) {
		if tries++; tries > 150 {
			return false
		}
		t.Run("fewer", func(inner *testing.T) {
			if _, now := run(inner, server(inner), fewer); len(now) > 0 {
				bad, wrong = true, now
			}
		})
		return bad
	})
	var lines []string
	for _, o := range ops {
		lines = append(lines, "\t"+o.String())
	}
	t.Errorf("these operations suffice:\n%s\nfor\n%s", strings.Join(lines, "\n"), strings.Join(wrong, "\n"))
}

// shrink returns fewer operations that are still bad.
func shrink(ops []op, bad func([]op) bool) []op {
	for size := len(ops) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(ops); {
			if fewer := slices.Delete(slices.Clone(ops), at, at+size); bad(fewer) {
				ops = fewer
			} else {
				at += size
			}
		}
	}
	return ops
}
