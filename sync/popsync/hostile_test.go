package popsync

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakepop"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// scripted is a server that answers as a function says; a command for which it
// has nothing ends the connection.
func (r *rig) scripted(greeting string, answer func(command string) string) (sessions func() int) {
	r.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { listener.Close() })
	count := make(chan int, 1)
	count <- 0
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			count <- <-count + 1
			go func() {
				defer c.Close()
				fmt.Fprint(c, greeting)
				for lines := bufio.NewScanner(c); lines.Scan(); {
					said := answer(strings.TrimSpace(lines.Text()))
					if said == "" {
						return
					}
					if _, err := c.Write([]byte(said)); err != nil {
						return
					}
				}
			}()
		}
	}()
	r.account.POP.Port = listener.Addr().(*net.TCPAddr).Port
	r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
	return func() int { n := <-count; count <- n; return n }
}

// tiny answers as a small POP server does, with mails that are served as they
// are; change may put other words to its answers.
func tiny(mails []string, change func(command, answer string) string) func(string) string {
	return func(command string) string {
		word, arg, _ := strings.Cut(command, " ")
		var n int
		fmt.Sscan(arg, &n)
		answer, all := "+OK\r\n", ""
		for i, m := range mails {
			switch word {
			case "LIST":
				all += fmt.Sprintf("%d %d\r\n", i+1, len(m))
			case "UIDL":
				all += fmt.Sprintf("%d id%x\r\n", i+1, sha256.Sum256([]byte(m)))[:40] + "\r\n"
			}
		}
		switch word {
		case "CAPA", "AUTH", "RSET":
			answer = "-ERR unknown\r\n"
		case "STAT":
			answer = fmt.Sprintf("+OK %d %d\r\n", len(mails), len(strings.Join(mails, "")))
		case "LIST", "UIDL":
			answer += all + ".\r\n"
		case "TOP":
			head, _, _ := strings.Cut(mails[n-1], "\r\n\r\n")
			answer += head + "\r\n\r\n.\r\n"
		case "RETR":
			answer += strings.ReplaceAll(mails[n-1], "\r\n.", "\r\n..")
			if !strings.HasSuffix(mails[n-1], "\r\n") {
				answer += "\r\n"
			}
			answer += ".\r\n"
		}
		return change(word, answer)
	}
}

func asIs(_, answer string) string { return answer }

// TestAnswersInOtherWords: servers write the status in small letters, put
// nothing or much behind it, end lines by a line feed alone.
func TestAnswersInOtherWords(t *testing.T) {
	first := func(change func(status, rest string) string) func(string, string) string {
		return func(_, answer string) string {
			line, rest, _ := strings.Cut(answer, "\r\n")
			status, words, _ := strings.Cut(line, " ")
			return change(status, words) + "\r\n" + rest
		}
	}
	mails := []string{"Subject: a\r\n\r\nOne.\r\n", "Subject: b\r\n\r\n.\r\n..\r\nTwo.\r\n"}
	for name, change := range map[string]func(command, answer string) string{
		"small letters": first(func(status, words string) string { return strings.ToLower(status) + " " + words }),
		"no blank":      first(func(status, words string) string { return status + words }),
		"many blanks":   first(func(status, words string) string { return status + "   " + words + "  " }),
		"a tab":         first(func(status, words string) string { return status + "\t" + words }),
		"8-bit and NUL": first(func(status, words string) string { return status + " " + words + " caf\xe9\x00\x1b[2J" }),
		"two returns":   first(func(status, words string) string { return status + " " + words + "\r" }),
		"line feeds":    func(_, answer string) string { return strings.ReplaceAll(answer, "\r\n", "\n") },
		"words behind":  first(func(status, words string) string { return status + " " + words + " octets [X/Y] and so on" }),
	} {
		r := newRig(t, 0, fakepop.Options{})
		r.options.stall = 2 * time.Second
		var gone bool
		r.scripted("+OK hello\r\n", tiny(mails, func(command, answer string) string {
			gone = gone || command == "DELE"
			return change(command, answer)
		}))
		r.allow()
		r.mustReceive()
		for _, m := range mails {
			want := m
			if name == "line feeds" {
				want = strings.ReplaceAll(m, "\r\n", "\n")
			}
			r.sent = append(r.sent, []byte(want))
		}
		r.wantAll(name)
		if !gone {
			t.Errorf("%s: nothing was removed", name)
		}
	}
}

// TestGreetings: what is no POP greeting is an error soon, and not of the user's
// password.
func TestGreetings(t *testing.T) {
	for greeting, works := range map[string]bool{
		"+OK\r\n": true, "+ok ready\r\n": true, "+OK\n": true, "+OK one\r\n+OK two\r\n": false, "+OK-multi\r\n+OK line\r\n": false,
		"\r\n": false, "* OK IMAP4rev1 ready\r\n": false, "220 smtp ESMTP\r\n": false, "HTTP/1.1 400 Bad Request\r\n\r\n": false, "\x15\x03\x01\x00\x02\x02\x0a": false,
		"-ERR go away\r\n": false, "\x00\x00\r\n": false,
	} {
		r := newRig(t, 0, fakepop.Options{})
		r.options.stall = 300 * time.Millisecond
		sessions := r.scripted(greeting, tiny([]string{"Subject: a\r\n\r\nOne.\r\n"}, asIs))
		_, err := r.receive()
		if works != (err == nil) {
			t.Errorf("%q: %v", greeting, err)
		}
		another := strings.HasPrefix(greeting, "* ") || strings.HasPrefix(greeting, "220")
		if f := fault.Of(err); f != nil && (f.Cause == fault.SignIn || another != (f.Cause == fault.Settings)) {
			t.Errorf("%q: %v", greeting, err)
		}
		if sessions() > mostSessions {
			t.Errorf("%q: %d sessions", greeting, sessions())
		}
	}
}

// TestMailsServedAsTheyAre: bytes that other servers would have changed.
func TestMailsServedAsTheyAre(t *testing.T) {
	var mails []string
	for _, end := range []int{16 << 10, 64 << 10, 128 << 10, inMemory} {
		for shift := -4; shift <= 4; shift++ {
			head := fmt.Sprintf("Subject: %d %d\r\n\r\n", end, shift)
			mails = append(mails, head+strings.Repeat("x", end-len(head)+shift)+"\r\n.\r\n..\r\nend\r\n")
		}
	}
	mails = append(mails, "", "x\r\n", "\r\n", "\r\n\r\n\r\n", "\n\r\n", "Subject: lf\n\nbare\nline\n.feeds\n\r\n", "Subject: cr\r\rbare\rreturns\r\r\n",
		"Subject: dots\r\n\r\n.\r\n..\r\n...\r\n", "\xef\xbb\xbf\r\n", "a\x00b\r\n\x00\r\n", "no blank line: here\r\n", " folded first\r\n\r\nx\r\n")
	r := newRig(t, 0, fakepop.Options{})
	r.options.stall = 3 * time.Second
	removed := map[string]bool{}
	r.scripted("+OK\r\n", func(command string) string {
		if word, n, _ := strings.Cut(command, " "); word == "DELE" {
			removed[n] = true
		}
		return tiny(mails, func(word, answer string) string { // a dot in front of the first line too
			if word == "RETR" {
				return strings.Replace(answer, "+OK\r\n.", "+OK\r\n..", 1)
			}
			return answer
		})(command)
	})
	r.allow()
	r.mustReceive()
	for _, m := range mails {
		if m == "" {
			m = "\r\n"
		}
		r.sent = append(r.sent, []byte(m))
	}
	here, stubs := r.localMails()
	want := sums(r.sent)
	if strings.Join(here, ",") != strings.Join(want, ",") || stubs != 0 {
		t.Errorf("%d mails and %d stubs are here, of %d", len(here), stubs, len(want))
	}
	if len(removed) != len(mails) {
		t.Errorf("%d of %d removed", len(removed), len(mails))
	}
}

// TestMailsOfBareLineFeeds: a server that hands out its files as they are puts
// the final dot behind a bare line feed.
func TestMailsOfBareLineFeeds(t *testing.T) {
	r := newRig(t, 0, fakepop.Options{})
	r.options.stall = 300 * time.Millisecond
	mails := []string{"Subject: a\n\nOne.\n", "Subject: b\n\nTwo\n.\r\nand more.\n", "Subject: c\n\n" + strings.Repeat("more\n", 50_000)}
	r.scripted("+OK\r\n", tiny(mails, func(command, answer string) string {
		if command == "RETR" {
			return strings.TrimSuffix(answer, "\n\r\n.\r\n") + "\n.\r\n"
		}
		return answer
	}))
	r.mustReceive()
	for _, m := range mails {
		r.sent = append(r.sent, []byte(m))
	}
	r.wantAll("in the end")
}

// TestAListingWithoutMeasure: what STAT, LIST and UIDL say together takes little
// memory, and the pass ends.
func TestAListingWithoutMeasure(t *testing.T) {
	r := newRig(t, 3, fakepop.Options{})
	r.play("stat-huge")
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	report, err := r.receive()
	if !fault.Is(err, fault.Later) {
		t.Errorf("%v", err)
	}
	runtime.ReadMemStats(&after)
	in, sessions := report.BytesIn, int64(r.server.Stats().Connections)
	if in > sessions*(mostListed+1<<20) {
		t.Errorf("%d bytes in %d sessions", in, sessions)
	}
	t.Logf("%d sessions, %d MB heard; the process has taken %d MB more from the system", sessions, in>>20, (after.Sys-before.Sys)>>20)
	if grown := after.Sys - before.Sys; grown > 400<<20 {
		t.Errorf("%d MB", grown>>20)
	}
}

// TestAMailThatBreaksInPlaces: a mail larger than what waits in memory breaks in
// its middle, at its end, between its body and the dot.
func TestAMailThatBreaksInPlaces(t *testing.T) {
	big := fakepop.Octets(bigMail(3 << 20))
	for _, back := range []int{len(big) / 2, 5, 4, 3, 2, 1} {
		r := newRig(t, 2, fakepop.Options{})
		r.deliver(bigMail(3 << 20))
		whole := r.server.Stats().Out
		r.server.Fail(fakeserver.Fault{Direction: fakeserver.ToClient, After: whole + int64(len(big)+len("+OK 3145788 octets\r\n")+900-back), Failure: fakeserver.RST})
		r.mustReceive()
		r.server.Heal()
		r.settle(fmt.Sprint("cut before ", back))
	}
}

// TestSwappedBetweenSessions: between two sessions of a pass another program
// swaps mail so that STAT says the same as before.
func TestSwappedBetweenSessions(t *testing.T) {
	mail := func(n int) []byte {
		return fmt.Appendf(nil, "From: bo@demo.example\r\nMessage-ID: <%04d@demo.example>\r\nSubject: Mail %04d\r\n\r\nNumber %04d.\r\n", n, n, n)
	}
	for _, policy := range []localstore.DeletePolicy{localstore.DeleteNever, localstore.DeleteNow} {
		for _, limit := range []int64{0, 10} {
			r := newRig(t, 0, fakepop.Options{})
			r.addAccount(policy)
			r.allow()
			for n := range 40 {
				r.deliver(mail(n))
			}
			if limit > 0 {
				r.account.PopLimit = limit
				r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
			}
			swapped := false
			r.options.batchMails = 5
			r.options.commit = func(write func() error) error {
				err := write()
				if len(r.rows()) >= 10 && !swapped {
					swapped = true
					r.user.Mailbox("INBOX").Expunge(3, 35)
					r.deliver(mail(100))
					r.deliver(mail(101))
					r.server.Offline()
					r.server.Online()
				}
				return err
			}
			r.receive()
			r.options.commit = nil
			r.account.PopLimit = 0
			r.write(func(tx *localstore.Tx) error { return tx.SetAccount(r.account) })
			for range 3 {
				r.mustReceive()
			}
			// What another program took before it came is not ours to have.
			here, stubs := r.localMails()
			seen := map[string]int{}
			for _, s := range here {
				seen[s]++
			}
			for i, s := range sums(r.sent) {
				if seen[s] > 1 || seen[s] == 0 && len(here) < len(r.sent)-2 {
					t.Errorf("%s, limit %d: mail %d is here %d times", policy, limit, i, seen[s])
				}
			}
			if stubs > 2 {
				t.Errorf("%s, limit %d: %d stubs", policy, limit, stubs)
			}
			r.wantNoSins(string(policy))
		}
	}
}
