package testmail

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 3, 11, 0, 0, 0, time.UTC)

var all = Options{N: 300, Seed: 7, Attachments: 0.2, Threads: 0.4, Charsets: true, HTML: 0.3}

func TestGenerateIsTheSameEverywhere(t *testing.T) {
	sum := sha256.New()
	var last time.Time
	total, answers := 0, 0
	for i, m := range Generate(all) {
		fmt.Fprintf(sum, "%s %v %v ", m.Folder, m.Flags, m.Arrived.UnixNano())
		sum.Write(m.Raw)
		total += len(m.Raw)
		if !bytes.Equal(m.Raw, At(all, i).Raw) {
			t.Fatalf("mail %d alone is another one", i)
		}
		if m.Arrived.Before(last.Add(-10 * time.Minute)) {
			t.Errorf("mail %d arrived at %v, the one before at %v", i, m.Arrived, last)
		}
		last = m.Arrived
		if bytes.Contains(m.Raw, []byte("\r\nIn-Reply-To: ")) {
			answers++
		}
		if _, err := mail.ReadMessage(bytes.NewReader(m.Raw)); err != nil {
			t.Errorf("mail %d: %v", i, err)
		}
		if bytes.Contains(bytes.ReplaceAll(m.Raw, []byte("\r\n"), nil), []byte("\n")) {
			t.Errorf("mail %d has a bare LF", i)
		}
	}
	if answers < 80 || answers > 160 {
		t.Errorf("%d of 300 are answers", answers)
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)[:8]); got != "8e4f300115ffe29c" {
		t.Errorf("the mailbox is %s: tests and benches compare with older runs", got)
	}
	if mean := total / 300; mean < 3000 || mean > 30000 {
		t.Errorf("a mail has %d bytes on average", mean)
	}
}

func TestOtherSeedsGiveOtherMails(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(3) {
		for _, m := range Generate(Options{N: 200, Seed: seed}) {
			if seen[string(m.Raw)] {
				t.Fatal("a mail came twice")
			}
			seen[string(m.Raw)] = true
		}
	}
}

func TestDemo(t *testing.T) {
	accounts := Demo(now)
	if len(accounts) != 2 {
		t.Fatalf("%d accounts", len(accounts))
	}
	total := 0
	ids := map[string]bool{}
	unread := map[string]int{}
	for _, a := range accounts {
		folders := map[string]bool{}
		for _, f := range a.Folders {
			folders[f.Name] = true
		}
		for _, m := range a.Mails {
			total++
			if !folders[m.Folder] {
				t.Errorf("no folder %q", m.Folder)
			}
			if m.Arrived.After(now) {
				t.Errorf("arrives at %v", m.Arrived)
			}
			msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
			if err != nil {
				t.Fatalf("%v in %.200s", err, m.Raw)
			}
			id := msg.Header.Get("Message-ID")
			if ids[id] {
				t.Errorf("the key %s is used twice", id)
			}
			ids[id] = true
			if at, err := msg.Header.Date(); err != nil || at.After(now) {
				t.Errorf("%s: date %v %v", id, at, err)
			}
			if !strings.Contains(strings.Join(m.Flags, " "), "Seen") {
				unread[a.Address+" "+m.Folder]++
			}
			if bytes.Contains(bytes.ReplaceAll(m.Raw, []byte("\r\n"), nil), []byte("\n")) {
				t.Errorf("%s has a bare LF", id)
			}
		}
		for _, m := range a.Mails { // after all ids are known
			msg, _ := mail.ReadMessage(bytes.NewReader(m.Raw))
			if parent := msg.Header.Get("In-Reply-To"); parent != "" && !ids[parent] {
				t.Errorf("%s answers %s, which is not there", msg.Header.Get("Message-ID"), parent)
			}
		}
	}
	if total < 280 || total > 340 {
		t.Errorf("%d mails", total)
	}
	if unread["work@example.org INBOX"] != 12 || unread["work@example.org Projects/Lisbon trip"] != 4 {
		t.Errorf("unread: %v", unread)
	}
	inbox := accounts[0].Mails[0]
	for _, m := range accounts[0].Mails {
		if m.Folder == "INBOX" {
			inbox = m
		}
	}
	if !bytes.Contains(inbox.Raw, []byte("Subject: =?utf-8?q?Itinerary_for_Lisbon")) {
		t.Errorf("the newest mail is %.300s", inbox.Raw)
	}
}

func TestDemoAtAnyHour(t *testing.T) {
	first := Demo(now)
	again := Demo(now)
	for i := range first {
		for j := range first[i].Mails {
			if !bytes.Equal(first[i].Mails[j].Raw, again[i].Mails[j].Raw) {
				t.Fatalf("mail %d of %s differs from run to run", j, first[i].Address)
			}
		}
	}
	for _, at := range []time.Time{
		time.Date(2026, 1, 1, 0, 0, 1, 0, time.UTC),
		time.Date(2028, 2, 29, 23, 59, 59, 0, time.FixedZone("", 14*3600)),
	} {
		for _, a := range Demo(at) {
			for _, m := range a.Mails {
				if m.Arrived.After(at) {
					t.Errorf("at %v a mail arrives at %v", at, m.Arrived)
				}
			}
		}
	}
}

func TestCrafted(t *testing.T) {
	seen := map[string]bool{}
	raw := map[string][]byte{}
	for _, h := range Crafted() {
		if seen[h.Name] {
			t.Errorf("%s stands there twice", h.Name)
		}
		seen[h.Name], raw[h.Name] = true, h.Raw
	}
	if !bytes.Equal(raw["twice-1"], raw["twice-2"]) || bytes.Equal(raw["same-id-1"], raw["same-id-2"]) {
		t.Error("the doubles are wrong")
	}
}
