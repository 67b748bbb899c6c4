package popsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/testmail"
	"paquebot.app/internal/testprofile"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
)

// sampled tells whether the i-th of many cases is played: every seventh, from
// where the seed says, or all of them with PAQUEBOT_TORTURE=1.
func sampled(i int) bool { return oneOf(7, i) }

// oneOf is sampled for every n-th case.
func oneOf(n, i int) bool {
	seed, _ := strconv.Atoi(os.Getenv("PAQUEBOT_SEED"))
	return (i+seed)%n == 0 || os.Getenv("PAQUEBOT_TORTURE") != ""
}

// rig is a maildrop on a fake server and an account on a store of its own.
type rig struct {
	t       *testing.T
	world   *fakeserver.World
	user    *fakeserver.User
	server  *fakepop.Server
	store   *localstore.Store
	account localstore.Account
	clock   *clock.Fake
	sent    [][]byte // what RETR served of every mail ever delivered
	options Options

	accounts int
}

func newRig(t *testing.T, mails int, o fakepop.Options) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(fakeserver.Epoch)}
	r.options = Options{Clock: r.clock, stall: 20 * time.Second}
	r.open(testprofile.Dir(t))
	r.serve(mails, o)
	return r
}

// serve gives the rig a server with some mails and an account of their own.
func (r *rig) serve(mails int, o fakepop.Options) {
	r.t.Helper()
	if r.server != nil {
		r.server.Close()
	}
	r.world, r.sent = fakeserver.NewWorld(), nil
	r.world.SetClock(r.clock)
	r.user = r.world.AddUser("anna", "secret")
	for i := range mails {
		r.deliver(testMail(i + 5))
	}
	var err error
	if r.server, err = fakepop.Serve(r.world, o); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.server.Close)
	r.addAccount(localstore.DeleteNow)
}

func (r *rig) open(dir string) {
	r.t.Helper()
	var err error
	r.store, err = localstore.Open(context.Background(), dir, localstore.WithClock(r.clock))
	if err != nil {
		r.t.Fatal(err)
	}
	store := r.store
	r.t.Cleanup(func() { store.Close() })
}

func (r *rig) addAccount(policy localstore.DeletePolicy) {
	r.t.Helper()
	r.accounts++
	r.account = localstore.Account{
		Name: fmt.Sprintf("Anna %d", r.accounts), Address: "anna@demo.example", Mode: localstore.POP, PopDelete: policy, PopDays: 7,
		POP: localstore.Server{Host: r.server.Host(), Port: r.server.Port(), Security: localstore.Plain, User: "anna"},
	}
	r.write(func(tx *localstore.Tx) error {
		id, err := tx.AddAccount(r.account)
		if err != nil {
			return err
		}
		r.account, err = tx.Account(id)
		return err
	})
}

// testMail returns the n-th mail of a fixed collection: every one different,
// with what transport may spoil.
func testMail(n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from a by b; Sat, 14 Mar 2026 %02d:%02d:00 +0000\r\n", n/60%10, n%60)
	fmt.Fprintf(&b, "From: Bo <bo@demo.example>\r\nTo: anna@demo.example\r\nMessage-ID: <%d@demo.example>\r\n", n)
	fmt.Fprintf(&b, "Subject: Mail %d\r\nDate: Sat, 14 Mar 2026 10:00:00 +0100\r\n\r\n", n)
	for i := range n%7 + 1 {
		b.WriteString([]string{".", "..", ".dot", "caf\xe9\x00\xff", "a bare\rreturn", "", strings.Repeat("long ", 100)}[i] + "\r\n")
	}
	fmt.Fprintf(&b, "That was mail %d.\r\n", n)
	return []byte(b.String())
}

// bigMail returns a mail of about size bytes.
func bigMail(size int) []byte {
	head := []byte("From: bo@demo.example\r\nTo: anna@demo.example\r\nMessage-ID: <big@demo.example>\r\nSubject: Big\r\n\r\n")
	line := append(bytes.Repeat([]byte("0123456789"), 7), '\r', '\n')
	return append(head, bytes.Repeat(line, size/len(line))...)
}

func (r *rig) deliver(raw []byte) {
	r.user.Deliver(raw, time.Time{})
	r.sent = append(r.sent, fakepop.Octets(raw))
}

// sharedMails returns the mails of the collection that stands beside the
// repository, where it does.
func sharedMails(t *testing.T) (mails [][]byte) {
	t.Helper()
	dir, ok := testmail.Shared(t)
	if !ok {
		return nil
	}
	for _, sub := range []string{"messages", "crafted"} {
		files, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(filepath.Join(dir, sub, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			mails = append(mails, raw)
		}
	}
	return mails
}

func (r *rig) play(names ...string) {
	r.t.Helper()
	if err := r.server.Scenario(names...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) write(f func(*localstore.Tx) error) {
	r.t.Helper()
	if err := r.store.Write(context.Background(), "test", f); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) read(f func(*localstore.View) error) {
	r.t.Helper()
	if err := r.store.Read(context.Background(), f); err != nil {
		r.t.Fatal(err)
	}
}

// receive runs one pass as the engine does and returns what it reports.
func (r *rig) receive() (link.Report, error) {
	l, err := Open(context.Background(), r.store, r.account, "secret", r.options)
	if err != nil {
		return link.Report{}, err
	}
	defer l.Close()
	err = l.Receive(context.Background())
	return l.Report(), err
}

func (r *rig) mustReceive() link.Report {
	r.t.Helper()
	report, err := r.receive()
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// localMails returns the hashes of all whole mails of the account's INBOX, and
// the number of those of which only the header is here.
func (r *rig) localMails() (sums []string, stubs int) {
	r.t.Helper()
	r.read(func(v *localstore.View) error {
		inbox, err := v.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: inbox.ID}, 0, 100000)
		if err != nil {
			return err
		}
		messages, err := v.Messages(ids)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.Body != localstore.BodyWhole {
				stubs++
				continue
			}
			sums = append(sums, r.blobSum(m.Blob))
		}
		return nil
	})
	sort.Strings(sums)
	return sums, stubs
}

func (r *rig) blobSum(id localstore.BlobID) string {
	b, err := r.store.OpenBlob(context.Background(), id)
	if err != nil {
		r.t.Error(err)
		return ""
	}
	defer b.Close()
	h := sha256.New()
	if _, err := io.Copy(h, b.Reader()); err != nil {
		r.t.Error(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func sums(mails [][]byte) []string {
	var s []string
	for _, m := range mails {
		s = append(s, fmt.Sprintf("%x", sha256.Sum256(m)))
	}
	sort.Strings(s)
	return s
}

// wantAll fails unless exactly the mails ever delivered are here, each once.
func (r *rig) wantAll(when string) {
	r.t.Helper()
	got, stubs := r.localMails()
	want := sums(r.sent)
	if stubs != 0 || strings.Join(got, ",") != strings.Join(want, ",") {
		r.t.Errorf("%s: %d mails and %d stubs are here, %d were delivered; same bytes: %v",
			when, len(got), stubs, len(want), strings.Join(got, ",") == strings.Join(want, ","))
	}
}

// wantOnServer fails unless n mails are left in the maildrop.
func (r *rig) wantOnServer(when string, n int) {
	r.t.Helper()
	if got := len(r.user.Mailbox("INBOX").Messages()); got != n {
		r.t.Errorf("%s: %d mails on the server, want %d", when, got, n)
	}
}

// wantNoSins fails if the server saw anything that a client must not do.
func (r *rig) wantNoSins(when string) {
	r.t.Helper()
	for _, e := range r.server.Events() {
		r.t.Errorf("%s: %v", when, e)
	}
}

// wantSound fails if what is stored is not what it was.
func (r *rig) wantSound(when string) {
	r.t.Helper()
	v, err := r.store.Verify(context.Background(), func(int, int) {})
	if err != nil || len(v.Damaged) > 0 {
		r.t.Errorf("%s: verify: %v, %v", when, v.Damaged, err)
	}
}

// ledger returns the rows' states, counted.
func (r *rig) ledger() map[localstore.PopState]int {
	r.t.Helper()
	count := map[localstore.PopState]int{}
	r.read(func(v *localstore.View) error {
		m, ok, err := v.OpenMaildropOf(r.account.ID)
		if err != nil || !ok {
			return err
		}
		rows, err := v.Ledger(m.ID)
		for _, row := range rows {
			count[row.State]++
		}
		return err
	})
	return count
}

// wantUnsaid fails if the client has said a secret, in clear or in base64.
func (r *rig) wantUnsaid(secret string) {
	r.t.Helper()
	for _, l := range r.server.Transcript() {
		decoded, _ := base64.StdEncoding.DecodeString(l.Text[strings.LastIndexByte(l.Text, ' ')+1:])
		if l.Client && (strings.Contains(l.Text, secret) || strings.Contains(string(decoded), secret)) {
			r.t.Errorf("the client said %q", l.Text)
		}
	}
}

// allow is the user's yes to the first deletions.
func (r *rig) allow() {
	r.t.Helper()
	r.write(func(tx *localstore.Tx) error {
		p := r.account.POP
		m, err := tx.OpenMaildrop(r.account.ID, localstore.POP, p.Host, p.Port, p.User)
		if err != nil {
			return err
		}
		return tx.AllowDeletes(m.ID)
	})
}

// rows returns the ledger.
func (r *rig) rows() (rows []localstore.PopLocation) {
	r.t.Helper()
	r.read(func(v *localstore.View) error {
		m, _, err := v.OpenMaildropOf(r.account.ID)
		if err != nil {
			return err
		}
		rows, err = v.Ledger(m.ID)
		return err
	})
	return rows
}
