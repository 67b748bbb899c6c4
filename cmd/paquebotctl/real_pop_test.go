package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

// sum is the SHA-256 of a mail.
type sum = [sha256.Size]byte

// fillMaildrop puts n generated mails and all crafted ones into a maildrop.
func fillMaildrop(t *testing.T, s *realserver.Server, user string, n int) {
	t.Helper()
	var mails [][]byte
	for _, m := range testmail.Generate(testmail.Options{N: n, Seed: 7, MeanSize: 2000, Attachments: 0.1, Threads: 0.4, Charsets: true, HTML: 0.3}) {
		mails = append(mails, m.Raw)
	}
	s.Append(t, user, "INBOX", "", clock.System.Now(), mails...)
	layCrafted(t, s, user)
}

// layCrafted lays the crafted mails into the Maildir of a user as they are: a
// delivery would mend some.
func layCrafted(t *testing.T, s *realserver.Server, user string) {
	t.Helper()
	for i, m := range testmail.Crafted() {
		name := filepath.Join(s.Home(user), "Maildir", "new", fmt.Sprintf("17000%05d.crafted.harbour", i))
		if err := os.WriteFile(name, m.Raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// maildrop reads out what a POP server hands out, without a line of the code
// under test: RETR of everything, undone to bytes by RFC 1939 §3.
func maildrop(t *testing.T, s *realserver.Server, user string) []sum {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr(s.POP3))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(2 * time.Minute))
	r := bufio.NewReader(c)
	answer := func() string {
		line, err := r.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "+OK") {
			t.Fatalf("POP said %q, %v", line, err)
		}
		return line
	}
	say := func(line string) string {
		fmt.Fprintf(c, "%s\r\n", line)
		return answer()
	}
	answer()
	say("USER " + user)
	say("PASS " + realserver.Password)
	n, err := strconv.Atoi(strings.Fields(say("STAT"))[1])
	if err != nil {
		t.Fatal(err)
	}
	sums := make([]sum, n)
	for i := range sums {
		say(fmt.Sprintf("RETR %d", i+1))
		text := []byte("\r\n") // so that the first line begins like any other
		for !bytes.HasSuffix(text, []byte("\r\n.\r\n")) {
			line, err := r.ReadSlice('\n')
			if text = append(text, line...); err != nil && err != bufio.ErrBufferFull {
				t.Fatal(err)
			}
		}
		text = bytes.ReplaceAll(text[:len(text)-3], []byte("\r\n."), []byte("\r\n"))
		sums[i] = sha256.Sum256(text[2:])
	}
	say("QUIT")
	return sorted(sums)
}

// sorted orders sums, so that two lots can be compared.
func sorted(sums []sum) []sum {
	slices.SortFunc(sums, func(a, b sum) int { return cmp.Compare(string(a[:]), string(b[:])) })
	return sums
}

// stored returns the sums of all mail of an account that is here whole, and
// fails for mail that is not.
func (s *shell) stored(account string) []sum {
	s.Helper()
	var sums []sum
	s.inStore(func(ctx context.Context, store *localstore.Store) error {
		var messages []localstore.Message
		err := store.Read(ctx, func(v *localstore.View) error {
			a, err := v.AccountByName(account)
			if err != nil {
				return err
			}
			folders, err := v.Folders(a.ID)
			if err != nil {
				return err
			}
			for _, f := range folders {
				ids, err := idsOf(v, localstore.List{Folder: f.ID}, 0, false)
				if err != nil {
					return err
				}
				some, err := v.Messages(ids)
				if err != nil {
					return err
				}
				messages = append(messages, some...)
			}
			return v.CheckCounts()
		})
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.Body != localstore.BodyWhole {
				return fmt.Errorf("message %d %q is not here whole", m.ID, m.Subject)
			}
			r, err := store.OpenBlob(ctx, m.Blob)
			if err != nil {
				return err
			}
			h := sha256.New()
			_, err = io.Copy(h, r.Reader())
			r.Close()
			if err != nil {
				return err
			}
			sums = append(sums, sum(h.Sum(nil)))
		}
		return nil
	})
	return sorted(sums)
}

// inStore opens the profile and runs f.
func (s *shell) inStore(f func(context.Context, *localstore.Store) error) {
	s.Helper()
	ctx := context.Background()
	p, err := profile.Open(ctx, s.dir, slog.LevelInfo, nil)
	if err != nil {
		s.Fatal(err)
	}
	defer p.Close()
	if err := f(ctx, p.Store); err != nil {
		s.Error(err)
	}
}

// same fails unless two lots of mail are equal, mail for mail.
func (s *shell) same(got, want []sum) {
	s.Helper()
	if slices.Equal(got, want) {
		return
	}
	count := map[sum]int{}
	for _, m := range want {
		count[m]++
	}
	for _, m := range got {
		count[m]--
	}
	lost, doubled := 0, 0
	for _, n := range count {
		lost += max(n, 0)
		doubled += max(-n, 0)
	}
	s.Errorf("%d mails are here of %d; %d are lost, %d doubled or changed", len(got), len(want), lost, doubled)
}

func TestPopMaildropOfDovecotArrivesAndIsEmptied(t *testing.T) {
	t.Parallel()
	server := realserver.Dovecot(t, realserver.Options{})
	fillMaildrop(t, server, "user1", 1000)
	want := maildrop(t, server, "user1")
	s := newShell(t)
	s.join(server, nil, user{name: "user1", mode: "pop", incoming: server.Addr(server.POP3S), tls: "tls", more: []string{"--pop-delete", "now"}})
	if r := s.sync(); r.Received != len(want) || r.Removed != len(want) || r.Held > 0 || len(r.Conflicts) > 0 {
		t.Errorf("the first sync received %d and removed %d of %d: %+v", r.Received, r.Removed, len(want), r)
	}
	stored := s.stored("user1")
	s.same(stored, want)
	if left := maildrop(t, server, "user1"); len(left) > 0 {
		t.Errorf("%d mails are left on the server", len(left))
	}
	if r := s.sync(); r.Received+r.Removed > 0 || r.BytesIn > 2000 {
		t.Errorf("the second sync did something: %+v", r)
	}
	s.same(s.stored("user1"), stored)
	s.want(0, "verify")
}

// breaks makes n cuts at random places, some early in the conversation, the
// others within so many bytes of what the server says.
func breaks(t *testing.T, n, within int, kill bool) []fate {
	random := rand.New(rand.NewPCG(seed(t), 3))
	fates := make([]fate, n)
	for i := range fates {
		c := fate{fromServer: random.IntN(3) > 0, kill: kill}
		switch {
		case !c.fromServer:
			c.after = random.IntN(4000) // in the commands: RETR, then DELE
		case random.IntN(4) == 0:
			c.after = random.IntN(3000) // in the listing
		default:
			c.after = random.IntN(within)
		}
		fates[i] = c
	}
	return fates
}

// seed is the seed of this run: that of PAQUEBOT_SEED.
func seed(t *testing.T) uint64 {
	n, err := strconv.ParseUint(cmp.Or(os.Getenv("PAQUEBOT_SEED"), "1"), 10, 64)
	if err != nil {
		t.Fatalf("PAQUEBOT_SEED: %v", err)
	}
	t.Logf("PAQUEBOT_SEED=%d", n)
	return n
}

// tortured returns the number for a run with PAQUEBOT_TORTURE, or the sample's.
func tortured(all, sample int) int {
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		return all
	}
	return sample
}

func TestPopSessionsOfDovecotCutAndKilledLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	// What came whole is kept when a connection breaks; a kill loses what was
	// not committed, up to a hundred mails, so it is to come later.
	cuts, kills, mails := tortured(80, 16), tortured(24, 6), tortured(500, 150)
	for _, way := range []struct {
		name         string
		kill         bool
		cuts, within int
	}{{"cut", false, cuts, 4 << 20 / cuts}, {"killed", true, kills, 1 << 20}} {
		t.Run(way.name, func(t *testing.T) {
			server := realserver.Dovecot(t, realserver.Options{})
			fillMaildrop(t, server, "user1", mails)
			want := maildrop(t, server, "user1")
			p := startProxy(t, server.Addr(server.POP3), breaks(t, way.cuts, way.within, way.kill)...)
			s := newShell(t)
			s.join(server, nil, user{name: "user1", mode: "pop", incoming: p.addr, tls: "plain", more: []string{"--pop-delete", "now", "--no-check"}})
			for tries := 0; p.waiting() > 0 && tries < 2*way.cuts; tries++ {
				if way.kill {
					s.mortal(p.arm, "sync")
				} else {
					s.run("", "sync")
				}
			}
			if met := p.met(); met < way.cuts/4 {
				t.Fatalf("only %d of %d sessions were %s", met, way.cuts, way.name)
			}
			s.sync()
			s.same(s.stored("user1"), want)
			if left := maildrop(t, server, "user1"); len(left) > 0 {
				t.Errorf("%d mails are left on the server", len(left))
			}
			if r := s.sync(); r.Received+r.Removed > 0 {
				t.Errorf("one more sync did something: %+v", r)
			}
			s.same(s.stored("user1"), want)
			s.want(0, "verify")
		})
	}
}
