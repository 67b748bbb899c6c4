package imapsync

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/netconn"
)

// trip is a mail with a text and an attachment.
func trip(i, text, attached int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: letter %d\r\nMessage-ID: <trip%d@fournier.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", i, i)
	fmt.Fprintf(&b, "--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n", strings.Repeat(fmt.Sprintf("line of letter %d\r\n", i), text/20+1))
	fmt.Fprintf(&b, "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=plan%d.pdf\r\n\r\n", i)
	data := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i)}, attached))
	for len(data) > 76 {
		b.WriteString(data[:76] + "\r\n")
		data = data[76:]
	}
	b.WriteString(data + "\r\n--b--\r\n")
	return b.Bytes()
}

// trips delivers n mails, the newest with the highest number, and reads their
// headers. Those for which seen says so were read.
func (h *harness) trips(n, text, attached int, seen func(int) bool) {
	h.Helper()
	box := h.user.Mailbox("INBOX")
	for i := range n {
		box.Append(trip(i, text, attached), fakeserver.Epoch.Add(time.Duration(i-1000)*time.Minute))
		if seen(i) {
			box.AddFlags(uint32(i+1), `\Seen`)
		}
	}
	h.pass()
}

func (h *harness) beginPack(c localstore.PackChoice) {
	h.Helper()
	h.write(func(tx *localstore.Tx) error { return tx.BeginPack(h.account.ID, c, h.clock.Now()) })
}

func (h *harness) packed() (p localstore.Pack, r localstore.PackReceipt) {
	h.Helper()
	h.read(func(v *localstore.View) (err error) {
		if p, _, err = v.PackOf(h.account.ID); err != nil {
			return err
		}
		r, err = v.PackReceipt(p)
		return err
	})
	return p, r
}

// asked are the bodies that clients asked for since a line of the transcript,
// as "uid section", in the order of the commands.
func (h *harness) asked(from int) (out []string) {
	for _, l := range h.server.Transcript()[from:] {
		_, command, ok := strings.Cut(l.Text, "UID FETCH ")
		if !l.Client || !ok {
			continue
		}
		uid, items, _ := strings.Cut(command, " ")
		for _, item := range strings.Split(items, "BODY.PEEK[")[1:] {
			section, _, _ := strings.Cut(item, "]")
			out = append(out, uid+" "+section)
		}
	}
	return out
}

// TestUnreadMailIsPackedFirstTheNewestFirstAndTextBeforeAttachments looks at
// the order in which the server is asked, which is that in which it answers.
func TestUnreadMailIsPackedFirstTheNewestFirstAndTextBeforeAttachments(t *testing.T) {
	onAll(t, func(h *harness) {
		h.trips(8, 3000, 4000, func(i int) bool { return i%2 == 0 })
		from := len(h.server.Transcript())
		h.beginPack(localstore.PackChoice{Attachments: 10_000, Budget: 5_000_000})
		h.bodies()
		got := h.asked(from)
		var want []string
		for _, section := range []string{"1", "2"} {
			for _, uid := range []int{8, 6, 4, 2, 7, 5, 3, 1} {
				want = append(want, fmt.Sprint(uid, " ", section))
			}
		}
		if !slices.Equal(got, want) {
			h.Errorf("asked for %q, want %q", got, want)
		}
		p, r := h.packed()
		if p.UnderWay() || r.Messages != 8 || r.Readable != 8 || r.Attachments != 8 || len(r.Missing) != 0 || r.Bytes == 0 {
			h.Errorf("%+v, %+v", p, r)
		}
		for _, m := range h.messages("INBOX") {
			if m.Body != localstore.BodyText || m.Preview == "" || m.Attachments != 1 {
				h.Errorf("%s: %+v", m.Subject, m)
			}
		}
		for _, on := range h.onServer("INBOX") {
			if strings.Contains(on, "Seen") != (on[len("letter ")]%2 == 0) {
				h.Errorf("packing left a mark: %q", on)
			}
		}
		h.noSins()
	})
}

// bodies fulfils over a connection of its own.
func (h *harness) bodies() {
	h.Helper()
	l := h.link()
	if err := l.Bodies(context.Background()); err != nil {
		h.Fatal(err)
	}
	l.Close()
}

// TestAPackHoldsToItsBudget compares with what the server's sockets moved.
func TestAPackHoldsToItsBudget(t *testing.T) {
	for _, budget := range []int64{40_000, 150_000, 400_000} {
		t.Run(fmt.Sprint(budget), func(t *testing.T) {
			h := newHarness(t)
			h.trips(120, 2500, 9000, func(i int) bool { return i%3 == 0 })
			before := h.server.Stats()
			h.beginPack(localstore.PackChoice{Attachments: localstore.AllAttachments, Budget: budget})
			h.bodies()
			after := h.server.Stats()
			moved := after.In + after.Out - before.In - before.Out
			p, r := h.packed()
			t.Logf("budget %d: %d on the wire, %d counted; %d of %d readable", budget, moved, r.Bytes, r.Readable, r.Messages)
			if p.UnderWay() || moved > budget*105/100 || moved < budget*95/100 {
				t.Errorf("%d bytes on the wire for a budget of %d", moved, budget)
			}
			if diff := moved - r.Bytes; diff < -200 || diff > 200 {
				t.Errorf("%d bytes on the wire, %d in the receipt", moved, r.Bytes)
			}
			newest := true // what is readable is what comes first in the order
			for i, m := range h.messages("INBOX") {
				if m.Flags&localstore.Seen != 0 {
					continue
				}
				if here := m.Body != localstore.BodyNone; here && !newest && i > 0 {
					t.Errorf("%s is here, a newer one is not", m.Subject)
				} else if !here {
					newest = false
				}
			}
			for _, m := range r.Missing {
				if !strings.Contains(m.Reason, "budget") {
					t.Fatalf("%+v", m)
				}
			}
		})
	}
}

// TestAPackThatIsCutGoesOn cuts it at many places; nothing is fetched twice but
// what was under way, and the budget holds over all connections.
func TestAPackThatIsCutGoesOn(t *testing.T) {
	h := newHarness(t)
	h.trips(30, 2500, 400_000, func(int) bool { return false })
	before := h.server.Stats()
	h.beginPack(localstore.PackChoice{Attachments: localstore.AllAttachments, Budget: 7_000_000})
	cuts := 0
	for p, _ := h.packed(); p.UnderWay(); p, _ = h.packed() {
		meter := new(netconn.Meter)
		meter.SetLimit(600_000) // the cable is pulled
		l, err := Open(netconn.WithMeter(context.Background(), meter), h.store, h.account, "secret", Options{Clock: h.clock})
		if err != nil {
			t.Fatal(err)
		}
		err = l.Bodies(context.Background())
		l.Close()
		if err != nil && !errors.Is(err, netconn.ErrSpent) {
			t.Fatal(err)
		}
		if cuts++; cuts > 30 {
			t.Fatalf("no end: %+v", p)
		}
	}
	after := h.server.Stats()
	_, r := h.packed()
	moved := after.In + after.Out - before.In - before.Out
	t.Logf("%d connections, %d on the wire, %d counted, %d attachments", cuts, moved, r.Bytes, r.Attachments)
	if r.Readable != 30 || r.Attachments < 10 || r.Bytes > 7_100_000 || r.Bytes < 6_400_000 || cuts < 8 {
		t.Errorf("%+v", r)
	}
}

// TestWhatAPersonWaitsForComesBeforeThePack asks for a mail in the midst.
func TestWhatAPersonWaitsForComesBeforeThePack(t *testing.T) {
	h := newHarness(t)
	h.trips(60, 2500, 300_000, func(int) bool { return false })
	h.beginPack(localstore.PackChoice{Attachments: localstore.AllAttachments})
	oldest := h.messages("INBOX")[59]
	from, clicked := len(h.server.Transcript()), false
	h.server.Watch(func(l fakeserver.Line) {
		if l.Client && !clicked && strings.Contains(l.Text, "BODY.PEEK[2]<") {
			clicked = true
			h.write(func(tx *localstore.Tx) error { return tx.Want(oldest.Content, "2") })
		}
	})
	h.bodies()
	got := h.asked(from)
	first := slices.IndexFunc(got, func(s string) bool { return strings.HasSuffix(s, " 2") })
	click := slices.IndexFunc(got, func(s string) bool { return s == "1 2" })
	if first < 0 || click < 0 || click > first+1 {
		t.Errorf("clicked at %d, came as %d of %d", first, click, len(got))
	}
	if p, r := h.packed(); p.UnderWay() || r.Attachments != 60 || len(r.Missing) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestThePackSaysWhatTheServerDid plays servers that do not hand out.
func TestThePackSaysWhatTheServerDid(t *testing.T) {
	for scenario, want := range map[string]string{
		"expungeissued":         "The server refused",
		"fetch-empty-ok":        "deleted on the server",
		"bodystructure-garbage": "",
	} {
		t.Run(scenario, func(t *testing.T) {
			h := newHarness(t)
			h.trips(3, 3000, 4000, func(int) bool { return false })
			if err := h.server.Scenario(scenario); err != nil {
				t.Fatal(err)
			}
			h.beginPack(localstore.PackChoice{Budget: 1_000_000})
			h.bodies()
			p, r := h.packed()
			switch {
			case p.UnderWay():
				t.Errorf("%+v", p)
			case want == "" && (r.Readable != 3 || len(r.Missing) != 0):
				t.Errorf("%+v", r)
			case want != "" && (len(r.Missing) != 3 || !strings.Contains(r.Missing[0].Reason, want)):
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestAMessageThatEndsConnectionsIsNamed: the rest is readable.
func TestAMessageThatEndsConnectionsIsNamed(t *testing.T) {
	h := newHarness(t)
	h.trips(12, 3000, 4000, func(int) bool { return false })
	h.server.Watch(func(l fakeserver.Line) {
		if l.Client && strings.Contains(l.Text, "UID FETCH 7 (") && strings.Contains(l.Text, "BODY.PEEK") {
			h.server.Offline() // at once, and back
			if err := h.server.Online(); err != nil {
				t.Error(err)
			}
		}
	})
	h.beginPack(localstore.PackChoice{Budget: 1_000_000})
	for range 8 {
		if p, _ := h.packed(); !p.UnderWay() {
			break
		}
		l, err := Open(context.Background(), h.store, h.account, "secret", Options{Clock: h.clock})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Bodies(context.Background()); err != nil && fault.Of(err).Cause != fault.Network {
			t.Fatal(err)
		}
		l.Close()
	}
	p, r := h.packed()
	texts := slices.DeleteFunc(r.Missing, func(m localstore.PackMissing) bool { return m.Part != "" })
	if p.UnderWay() || r.Readable != 11 || len(texts) != 1 || r.AttachmentsSkipped != 11 {
		t.Fatalf("%+v, %+v", p, r)
	}
	if m := h.messages("INBOX")[5]; m.ID != texts[0].ID || !strings.Contains(texts[0].Reason, "broke") {
		t.Errorf("%+v", texts)
	}
}

// TestTextOnlyFetchesNoAttachments: neither by policy nor for a click.
func TestTextOnlyFetchesNoAttachments(t *testing.T) {
	for _, policy := range []localstore.BodyPolicy{localstore.FetchText, localstore.FetchAll, localstore.FetchHeaders} {
		t.Run(string(policy), func(t *testing.T) {
			h := newHarness(t)
			h.write(func(tx *localstore.Tx) error {
				h.account.Policy, h.account.PolicyDays = policy, 90
				if err := tx.SetAccount(h.account); err != nil {
					return err
				}
				return tx.SetTextOnly(true)
			})
			h.trips(5, 3000, 20_000, func(int) bool { return false })
			first := h.messages("INBOX")[0]
			if policy == localstore.FetchHeaders { // a click
				h.write(func(tx *localstore.Tx) error { return tx.Want(first.Content, localstore.WishText) })
				h.bodies()
			}
			for n, m := range h.messages("INBOX") {
				if m.Body != localstore.BodyText && (policy != localstore.FetchHeaders || n == 0) {
					t.Errorf("%s: body %v", m.Subject, m.Body)
				}
			}
			h.write(func(tx *localstore.Tx) error { return tx.Want(first.Content, "2") }) // who asks for a part gets it
			h.bodies()
			h.read(func(v *localstore.View) error {
				parts, err := v.Parts(first.Content)
				if len(parts) != 3 || parts[2].Blob == 0 && parts[1].Blob == 0 {
					t.Errorf("%+v", parts)
				}
				return err
			})
			if moved := h.server.Stats().Out; moved > 5*4000+20_000*3/2+20_000 {
				t.Errorf("%d bytes came", moved)
			}
		})
	}
}
