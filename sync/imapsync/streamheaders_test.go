package imapsync

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/localstore"
	"paquebot.app/sync/imapsync/wire"
)

// scriptedLink is a link to a server that reads n commands and then says what
// answer makes of their tags.
func scriptedLink(t *testing.T, n int, answer func(say func(format string, args ...any), tags []string)) *Link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	near, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer far.Close()
		w := bufio.NewWriter(far)
		say := func(format string, args ...any) { fmt.Fprintf(w, format+"\r\n", args...) }
		say("* OK [CAPABILITY IMAP4rev1 ESEARCH] hello")
		w.Flush()
		r := bufio.NewReader(far)
		var tags []string
		for range n {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			tag, _, _ := strings.Cut(line, " ")
			tags = append(tags, tag)
		}
		answer(say, tags)
		w.Flush()
	}()
	l := &Link{options: Options{}.filled(), stop: func() {}, hint: make(chan struct{}, 1), caps: imap.CapSet{imap.CapIMAP4rev1: {}}}
	l.conn = wire.New(near, wire.Config{})
	l.client = imapclient.New(l.conn, nil)
	if err := l.client.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); <-done })
	return l
}

// headerAnswer is a FETCH that answers for a UID.
func headerAnswer(say func(string, ...any), uid uint32) {
	fields := fmt.Sprintf("Subject: letter %d\r\n\r\n", uid)
	say("* %d FETCH (UID %d FLAGS () INTERNALDATE \"14-Mar-2026 09:00:00 +0000\" RFC822.SIZE 100 %s {%d}\r\n%s)", uid, uid, headerSection(), len(fields), fields)
}

func headerSection() string {
	_, section := bulk()
	return "BODY[HEADER.FIELDS (" + strings.Join(section.HeaderFields, " ") + ")]"
}

func hundreds(n int) (batches [][]uint32) {
	for i := n; i > 0; i-- {
		var batch []uint32
		for uid := uint32(i * 100); uid > uint32(i*100-100); uid-- {
			batch = append(batch, uid)
		}
		batches = append(batches, batch)
	}
	return batches
}

// TestAnswersInAnyOrder: a server may answer what is under way in another order
// than it was asked, and mixed.
func TestAnswersInAnyOrder(t *testing.T) {
	const commands = 20
	l := scriptedLink(t, commands, func(say func(string, ...any), tags []string) {
		for i := range uint32(100) {
			for n := range uint32(commands) {
				headerAnswer(say, n*100+i+1)
			}
		}
		for _, tag := range slices.Backward(tags) {
			say("%s OK done", tag)
		}
	})
	got := map[uint32]bool{}
	left, err := l.streamHeaders(t.Context(), hundreds(commands), func(some []header) error {
		for _, h := range some {
			if got[h.uid] {
				t.Errorf("UID %d came twice", h.uid)
			}
			got[h.uid] = true
		}
		return nil
	})
	if err != nil || len(left) != 0 || len(got) != commands*100 {
		t.Errorf("%d came, %d are left, %v", len(got), len(left), err)
	}
}

// TestWhatCameIsStoredWhenTheLineBreaks: the batches that came whole, or else
// the messages that did.
func TestWhatCameIsStoredWhenTheLineBreaks(t *testing.T) {
	for _, whole := range []int{0, 1, 2} {
		l := scriptedLink(t, 3, func(say func(string, ...any), tags []string) {
			first := uint32(201)
			for n := range whole {
				for uid := first; uid < first+100; uid++ {
					headerAnswer(say, uid)
				}
				say("%s OK done", tags[n])
				first -= 100
			}
			for uid := first; uid < first+50; uid++ {
				headerAnswer(say, uid)
			}
			say("* 1 FETCH (UID %d %s {100000}\r\nSubject: cut off", first+50, headerSection())
		})
		var got []uint32
		left, err := l.streamHeaders(t.Context(), hundreds(3), func(some []header) error {
			got = append(got, uidsOfHeaders(some)...)
			return nil
		})
		if want := max(100*whole, 50); err == nil || left != nil || len(got) != want || slices.Contains(got, uint32(251-100*whole)) {
			t.Errorf("%d came, want %d; %v are left, %v", len(got), want, left, err)
		}
	}
}

// TestAStoreThatFailsEndsTheStream at once: the disk is full.
func TestAStoreThatFailsEndsTheStream(t *testing.T) {
	l := scriptedLink(t, 3, func(say func(string, ...any), tags []string) {
		for uid := uint32(201); uid <= 300; uid++ {
			headerAnswer(say, uid)
		}
		say("%s OK done", tags[0])
		for range 1_000_000 {
			headerAnswer(say, 101)
		}
	})
	full := errors.New("no space is left")
	calls := 0
	_, err := l.streamHeaders(t.Context(), hundreds(3), func([]header) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// TestNoneIsMissedWhenEveryBatchIsCut: a poor server, 1,000 new mails, and a
// line that breaks behind every batch; each pass goes on where the last ended.
func TestNoneIsMissedWhenEveryBatchIsCut(t *testing.T) {
	h := newHarness(t, servers["IMAP4rev1"]...)
	h.clock.Advance(24 * time.Hour) // no mail is of the future
	h.deliver("INBOX", 0, 50)
	h.receive()
	h.deliver("INBOX", 50, 1000)
	before, passes := 50, 0
	for ; ; passes++ {
		h.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: 90_000, Failure: fakeserver.FIN})
		l, err := Open(t.Context(), h.store, h.account, h.secret, Options{Clock: h.clock, Batch: 40, Receive: true})
		if err != nil {
			t.Fatal(err)
		}
		err = l.Receive(t.Context())
		l.Close()
		h.server.Heal()
		n := len(h.subjectsUpTo("INBOX", 2000))
		if err == nil {
			break
		}
		if n <= before {
			t.Fatalf("%d after %d: it does not go on", n, before)
		}
		before = n
	}
	want := make([]string, 1050)
	for i := range want {
		want[i] = fmt.Sprint("letter ", 1049-i)
	}
	got := h.subjectsUpTo("INBOX", 2000)
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("%d messages after %d passes, at place %d %q", len(got), passes, i, got[i])
		}
	}
	if passes < 5 {
		t.Errorf("only %d passes were cut", passes)
	}
}

// subjectsUpTo returns the subjects of a folder here, newest first.
func (h *harness) subjectsUpTo(path string, limit int) (out []string) {
	h.Helper()
	h.read(func(v *localstore.View) error {
		f, err := v.FolderByPath(h.account.ID, path)
		if err != nil {
			return err
		}
		ids, _, err := v.MessageIDs(localstore.List{Folder: f.ID}, 0, limit)
		if err != nil {
			return err
		}
		messages, err := v.Messages(ids)
		for _, m := range messages {
			out = append(out, m.Subject)
		}
		return err
	})
	return out
}
