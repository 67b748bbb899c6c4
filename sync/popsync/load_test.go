package popsync

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/localstore"
)

// TestAMaildropThatHoldsMuch receives a maildrop that is kept on the server, of
// 2,000 mails or, with PAQUEBOT_TORTURE=1, of 100,000, and logs what a pass that
// finds nothing new costs. It asks for no mail and no header.
func TestAMaildropThatHoldsMuch(t *testing.T) {
	mails := 2000
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		mails = 100_000
	}
	mail := func(n int) string {
		return fmt.Sprintf("From: bo@demo.example\r\nMessage-ID: <%06d@demo.example>\r\nSubject: Mail\r\n\r\nNumber %06d.\r\n", n, n)
	}
	var list, uidl strings.Builder
	for n := 1; n <= mails; n++ {
		fmt.Fprintf(&list, "%d %d\r\n", n, len(mail(n)))
		fmt.Fprintf(&uidl, "%d %08X%08X\r\n", n, n, 77)
	}
	var asked atomic.Int64
	r := newRig(t, 0, fakepop.Options{})
	r.scripted("+OK\r\n", func(command string) string {
		word, arg, _ := strings.Cut(command, " ")
		n := 0
		fmt.Sscan(arg, &n)
		switch {
		case word == "CAPA":
			return "+OK\r\nUSER\r\nTOP\r\nUIDL\r\nPIPELINING\r\n.\r\n"
		case word == "STAT":
			return fmt.Sprintf("+OK %d %d\r\n", mails, mails*len(mail(1)))
		case word == "LIST":
			return "+OK\r\n" + list.String() + ".\r\n"
		case word == "UIDL" && n == 0:
			return "+OK\r\n" + uidl.String() + ".\r\n"
		case word == "UIDL":
			return fmt.Sprintf("+OK %d %08X%08X\r\n", n, n, 77)
		case word == "RETR", word == "TOP":
			asked.Add(1)
			return "+OK\r\n" + mail(n) + ".\r\n"
		}
		return "+OK\r\n"
	})
	r.policy(localstore.DeleteNever)
	begun := time.Now()
	if report := r.mustReceive(); report.Received != mails || int(asked.Load()) != mails {
		t.Errorf("%d asked for, %+v", asked.Load(), report)
	}
	t.Logf("%d mails came in %v", mails, time.Since(begun))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begun = time.Now()
	if report := r.mustReceive(); report.Received != 0 || int(asked.Load()) != mails {
		t.Errorf("%d asked for, %+v", asked.Load(), report)
	}
	took := time.Since(begun)
	runtime.ReadMemStats(&after)
	t.Logf("a pass with nothing new took %v and %d MB, of which the heap holds %d", took,
		(after.TotalAlloc-before.TotalAlloc)>>20, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
}

// TestUIDLsThatChangeEnMasse: 500 mails, or 10,000 with PAQUEBOT_TORTURE=1, that
// are here have other UIDLs: none is fetched again, and it is not a commit a mail.
func TestUIDLsThatChangeEnMasse(t *testing.T) {
	mails := 500
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		mails = 10_000
	}
	r := newRig(t, mails, fakepop.Options{})
	r.policy(localstore.DeleteNever)
	r.mustReceive()
	commits := 0
	r.options.commit = func(write func() error) error { commits++; return write() }
	r.play("uidl-changes")
	begun := time.Now()
	if report := r.mustReceive(); report.Received != 0 {
		t.Errorf("%+v", report)
	}
	t.Logf("%d were recognised in %v, with %d commits", mails, time.Since(begun), commits)
	if commits > 10+2*mails/mostFinds {
		t.Errorf("%d commits", commits)
	}
	r.options.commit = nil
	r.play()
	r.wantAll("in the end")
}

// TestAMailFarLargerThanItsSize: what has no end at the first try may be a mail
// whose listed size is not true, and comes at a later one.
func TestAMailFarLargerThanItsSize(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	piece := bytes.Repeat([]byte("0123456789abcdef"), 4096)
	for tries, want := range []error{errEndless, nil} {
		in := newInbound(t.Context(), r.store, func() {}, 100, tries)
		var err error
		for size := 0; size < minLimit+minLimit/4 && err == nil; size += len(piece) {
			_, err = in.Write(piece)
		}
		if err != want {
			t.Errorf("after %d tries: %v, want %v", tries, err, want)
		}
	}
	if in := newInbound(t.Context(), r.store, func() {}, 100, 1000); in.limit > 2*mostLimit {
		t.Errorf("the limit is %d in the end", in.limit)
	}
}
