package imapsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// wired is a harness whose server is reached over a cable.
type wired struct {
	*harness
	line    *line
	deliver func(raw []byte)
}

func onCable(t *testing.T, f func(*wired)) {
	t.Run("fake", func(t *testing.T) {
		h := &harness{T: t, world: fakeserver.NewWorld(), clock: clock.NewFake(fakeserver.Epoch)}
		h.user = h.world.AddUser("anna", "secret")
		h.user.CreateUsual()
		h.server = fakeimap.Start(t, h.world, fakeimap.Options{})
		c := newLine(t, h.server.Host(), h.server.Port())
		h.join(localstore.Server{Host: "127.0.0.1", Port: c.port, Security: localstore.Plain, User: "anna"}, "secret")
		f(&wired{h, c, func(raw []byte) { h.user.Mailbox("INBOX").Append(raw, fakeserver.Epoch) }})
	})
	t.Run("Dovecot", func(t *testing.T) {
		d := realserver.Dovecot(t, realserver.Options{})
		h := &harness{T: t, clock: clock.NewFake(fakeserver.Epoch)}
		c := newLine(t, d.Host, d.IMAP)
		h.join(localstore.Server{Host: d.Host, Port: c.port, Security: localstore.STARTTLS, User: d.Users[0], CAFile: d.CAFile}, realserver.Password)
		f(&wired{h, c, func(raw []byte) { d.Append(t, d.Users[0], "INBOX", "", fakeserver.Epoch, raw) }})
	})
}

// heavy is a mail with a text of about so many bytes and an attachment that is
// as large on the wire, of bytes that differ from place to place.
func heavy(text, attached int) []byte {
	noise := rand.New(rand.NewPCG(1, 2))
	raw := make([]byte, attached*3/4)
	for i := range raw {
		raw[i] = byte(noise.Uint32())
	}
	var b bytes.Buffer
	b.WriteString("From: a@example.org\r\nTo: anna@example.org\r\nSubject: heavy\r\nMessage-ID: <heavy@example.org>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n")
	for n := 0; n < text; n += 60 {
		fmt.Fprintf(&b, "%058d\r\n", n)
	}
	b.WriteString("\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n")
	encoded := base64.StdEncoding.EncodeToString(raw)
	for len(encoded) > 0 {
		n := min(76, len(encoded))
		b.WriteString(encoded[:n] + "\r\n")
		encoded = encoded[n:]
	}
	b.WriteString("--b--\r\n")
	return b.Bytes()
}

// carry runs Bodies over a connection of its own.
func (w *wired) carry() error {
	w.Helper()
	l, err := Open(context.Background(), w.store, w.account, w.secret, Options{Clock: w.clock})
	if err != nil {
		return err
	}
	defer l.Close()
	return l.Bodies(context.Background())
}

// policy changes what the account fetches unasked.
func (h *harness) policy(p localstore.BodyPolicy) {
	h.Helper()
	h.write(func(tx *localstore.Tx) (err error) {
		h.account.Policy, h.account.PolicyDays = p, 9000
		return tx.SetAccount(h.account)
	})
}

// asks are the ways in which a large body is asked for.
var asks = map[string]struct {
	text, attached int
	ask            func(w *wired, m localstore.Message)
}{
	"wish for a part": {100, 20e6, func(w *wired, m localstore.Message) {
		w.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishText) })
		if err := w.carry(); err != nil {
			w.Fatal(err)
		}
		w.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, "2") })
	}},
	"wish for the whole": {100, 6e6, func(w *wired, m localstore.Message) {
		w.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishWhole) })
	}},
	"wish for a long text": {6e6, 400e3, func(w *wired, m localstore.Message) {
		w.write(func(tx *localstore.Tx) error { return tx.Want(m.Content, localstore.WishText) })
	}},
	"policy all":            {100, 6e6, func(w *wired, m localstore.Message) { w.policy(localstore.FetchAll) }},
	"policy with long text": {6e6, 400e3, func(w *wired, m localstore.Message) { w.policy(localstore.FetchText) }},
	"small by policy":       {100, 200e3, func(w *wired, m localstore.Message) { w.policy(localstore.FetchText) }},
	"pack": {100, 6e6, func(w *wired, m localstore.Message) {
		w.beginPack(localstore.PackChoice{Attachments: localstore.AllAttachments})
	}},
	"pack of a long text": {6e6, 400e3, func(w *wired, m localstore.Message) { w.beginPack(localstore.PackChoice{}) }},
}

// TestWhatWasCutGoesOn: a part cut at 60 % costs at most 64 KB again, with all
// that signing in costs.
func TestWhatWasCutGoesOn(t *testing.T) {
	for name, a := range asks {
		t.Run(name, func(t *testing.T) {
			onCable(t, func(w *wired) {
				w.policy(localstore.FetchHeaders)
				// The first shows what it costs when nothing happens.
				first, raw := heavy(a.text, a.attached), heavy(a.text, a.attached)
				first = bytes.ReplaceAll(first, []byte("heavy"), []byte("first"))
				w.deliver(first)
				w.pass()
				cost := func() int64 {
					w.line.came()
					if err := w.carry(); err != nil {
						w.Fatal(err)
					}
					return w.line.came()
				}
				a.ask(w, w.messages("INBOX")[0])
				uncut := cost()
				w.policy(localstore.FetchHeaders)
				w.deliver(raw)
				w.pass()
				a.ask(w, w.messages("INBOX")[0])
				w.line.came()
				w.line.pullAfter(uncut * 6 / 10)
				if err := w.carry(); fault.Of(err) == nil || fault.Of(err).Cause != fault.Network {
					w.Fatalf("the cable was pulled: %v", err)
				}
				came := w.line.came() + cost()
				signIn := cost()
				if came > uncut+signIn+64<<10 {
					w.Errorf("%d bytes came for %d, and %d to sign in", came, uncut, signIn)
				}
				w.Logf("%d bytes again", came-uncut-signIn)
				w.has(raw, strings.Contains(name, "long text"))
			})
		})
	}
}

// has fails unless the text, or text and attachment, are here byte for byte.
func (w *wired) has(raw []byte, textOnly bool) {
	w.Helper()
	m := w.messages("INBOX")[0]
	if m.Body == localstore.BodyWhole {
		if w.sum(m.Blob) != fmt.Sprintf("%x", sha256.Sum256(raw)) {
			w.Error("the mail is not what it was")
		}
		return
	}
	var parts []localstore.Part
	w.read(func(v *localstore.View) (err error) {
		parts, err = v.Parts(m.Content)
		return err
	})
	for _, section := range []string{"1", "2"}[:2-oneIf(textOnly)] {
		_, want, _ := bytes.Cut(raw, []byte(map[string]string{"1": "text/plain\r\n\r\n", "2": "plan.pdf\r\n\r\n"}[section]))
		want, _, _ = bytes.Cut(want, []byte("\r\n--b"))
		found := false
		for _, p := range parts {
			if p.Section == section && p.Blob != 0 {
				found = true
				r, err := w.store.OpenBlob(context.Background(), p.Blob)
				if err != nil {
					w.Fatal(err)
				}
				got, err := io.ReadAll(r.Reader())
				r.Close()
				if err != nil || !bytes.Equal(got, want) {
					w.Errorf("part %s: %d bytes, want %d; %v", section, len(got), len(want), err)
				}
			}
		}
		if !found {
			w.Errorf("part %s is not here: body %v, %+v", section, m.Body, parts)
		}
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestALineThatBreaksAllTheTime brings a mail of 38 MB over a line that breaks
// after every megabyte.
func TestALineThatBreaksAllTheTime(t *testing.T) {
	onCable(t, func(w *wired) {
		raw := heavy(100, 37e6)
		w.deliver(raw)
		w.policy(localstore.FetchHeaders)
		w.pass()
		w.write(func(tx *localstore.Tx) error { return tx.Want(w.messages("INBOX")[0].Content, localstore.WishWhole) })
		w.line.came()
		for n := 0; ; n++ {
			w.line.pullAfter(1e6)
			err := w.carry()
			if err == nil {
				break
			}
			if n > 45 {
				w.Fatalf("after %d connections: %v", n, err)
			}
		}
		if came := w.line.came(); came > int64(len(raw))*11/10 {
			w.Errorf("%d bytes came for %d", came, len(raw))
		}
		w.has(raw, false)
	})
}

// TestOtherMailIsNotJoinedToWhatBegan: after UIDVALIDITY has changed, and where
// the mail has another size, it begins anew.
func TestOtherMailIsNotJoinedToWhatBegan(t *testing.T) {
	onCable(t, func(w *wired) {
		if w.server == nil {
			return // Dovecot's numbers are not to be had otherwise
		}
		raw := heavy(100, 3e6)
		w.deliver(raw)
		w.policy(localstore.FetchHeaders)
		w.pass()
		w.write(func(tx *localstore.Tx) error { return tx.Want(w.messages("INBOX")[0].Content, localstore.WishWhole) })
		w.line.pullAfter(1e6)
		if err := w.carry(); err == nil {
			w.Fatal("the cable was pulled")
		}
		if err := w.server.Scenario("uidvalidity-change"); err != nil {
			w.Fatal(err)
		}
		w.line.came()
		w.pass() // finds it out
		w.pass()
		if came := w.line.came(); came < int64(len(raw)) {
			w.Errorf("%d bytes came of %d", came, len(raw))
		}
		w.has(raw, false)
	})
}

// TestAPassThatIsEndedInTheMidstLeavesNothingHalf: the user closes the window.
func TestAPassThatIsEndedInTheMidstLeavesNothingHalf(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	h.deliver("INBOX", 0, 20)
	h.pass()
	h.policy(localstore.FetchText)
	ctx, cancel := context.WithCancel(context.Background())
	l := h.link()
	h.server.Watch(func(l fakeserver.Line) {
		if l.Client && strings.Contains(l.Text, "BODY.PEEK[]") {
			cancel()
		}
	})
	if err := l.Bodies(ctx); err == nil {
		t.Error("no error")
	}
	if err := l.fetchItems(ctx, []*item{{sections: []*section{{}}}}); err == nil {
		t.Error("a link that has ended fetches")
	}
	h.server.Watch(nil)
	h.bodies()
	for _, m := range h.messages("INBOX") {
		if m.Body != localstore.BodyWhole {
			t.Errorf("%s: %v", m.Subject, m.Body)
		}
	}
}

// TestAMailThatEndsBeforeItsSizeComesAtOnce: the server may not understand
// pieces, or says a wrong size.
func TestAMailThatEndsBeforeItsSizeComesAtOnce(t *testing.T) {
	h := newHarness(t)
	h.policy(localstore.FetchHeaders)
	raw := trip(1, 100, 2_000_000)
	h.user.Mailbox("INBOX").Append(raw, fakeserver.Epoch)
	h.pass()
	m := h.messages("INBOX")[0]
	l := h.link()
	at, _, err := l.locate(t.Context(), m.Content)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.openAs(t.Context(), at.rf, false); err != nil {
		t.Fatal(err)
	}
	at.size = 5_000_000 // as the server said
	i := &item{wish: localstore.Wish{Account: h.account.ID, Content: m.Content}, at: at}
	i.askWhole()
	for n := 0; ; n++ {
		done, err := l.advance(t.Context(), i, 1<<20)
		if err != nil || n > 20 {
			t.Fatal(n, err)
		}
		if done {
			break
		}
	}
	if err := l.storeItems(t.Context(), []*item{i}, nothing); err != nil {
		t.Fatal(err)
	}
	if m = h.messages("INBOX")[0]; m.Body != localstore.BodyWhole || h.sum(m.Blob) != fmt.Sprintf("%x", sha256.Sum256(raw)) {
		t.Errorf("%+v", m)
	}
}
