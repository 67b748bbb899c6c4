package submit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakesmtp"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

func TestLettersLeaveInOrderOverOneConnection(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	var all []localstore.OutboxID
	for range 5 {
		all = append(all, r.queue("bo", "hidden"))
	}
	report, err := r.run()
	if err != nil || report.Sent != 5 || report.Later+report.Refused+report.Unsure != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	for i, l := range r.server.Accepted() {
		if id := "Subject: Letter " + fmt.Sprint(i+1) + "\r\n"; !strings.Contains(string(l.Raw), id) || l.Conn != 1 {
			t.Errorf("letter %d over connection %d:\n%s", i+1, l.Conn, l.Raw)
		}
	}
	for _, n := range all {
		r.want("in the end", n, filed)
		if got := r.folderOf(n); got != localstore.RoleSent {
			t.Errorf("letter %d lies in %q", n, got)
		}
		if got := r.accepted(n); got["hidden"] != 1 || !strings.Contains(r.blob(n), "Bcc: hidden@demo.example") {
			t.Errorf("Bcc: %v", got)
		}
		r.wantCleanOnTheWire(n)
	}
	if report, err := r.run(); err != nil || report.Sent != 0 || r.server.Stats().Connections != 1 {
		t.Errorf("a run with nothing to do: %+v, %v", report, err)
	}
	r.wantNoSins("in the end")
}

// TestTheDateIsThatOfTheFirstAttempt holds that bytes do not change afterwards.
func TestTheDateIsThatOfTheFirstAttempt(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("greylist")
	r.clock.Advance(9 * 24 * time.Hour)
	first := r.clock.Now()
	r.run()
	r.want("after the first attempt", n, queued)
	frozen := r.blob(n)
	if want := "Date: " + first.Format(time.RFC1123Z) + "\r\n"; !strings.HasPrefix(frozen, want) {
		t.Errorf("frozen as %.60q, want %q", frozen, want)
	}
	r.clock.Advance(-2 * 365 * 24 * time.Hour)
	if _, ok, _ := r.next(t); ok {
		t.Error("a clock that went back makes a letter due")
	}
	r.clock.Advance(3 * 365 * 24 * time.Hour)
	r.run()
	r.want("after the second attempt", n, filed)
	if r.blob(n) != frozen || string(r.server.Accepted()[0].Raw) != frozen {
		t.Error("the bytes changed")
	}
}

// next returns the first letter that is due.
func (r *rig) next(t *testing.T) (l localstore.Letter, ok bool, err error) {
	t.Helper()
	err = r.store.Read(context.Background(), func(v *localstore.View) error {
		due, err := v.DueLetters(r.account.ID, r.clock.Now())
		if len(due) > 0 {
			l, ok = due[0], true
		}
		return err
	})
	return l, ok, err
}

func TestASlowAnswerIsWaitedFor(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("slow")
	done := make(chan error)
	go func() {
		_, err := r.run()
		done <- err
	}()
	for r.clock.Waiters() == 0 {
		runtime.Gosched()
	}
	r.want("while the answer is awaited", n, localstore.OutSending)
	r.clock.Advance(90 * time.Second)
	if err := <-done; err != nil {
		t.Error(err)
	}
	r.want("after 90 seconds", n, filed)
}

func TestALetterTooLargeIsNotUploaded(t *testing.T) {
	for _, scenario := range [][]string{nil, {"ehlo-lowercase"}} {
		r := newRig(t, fakesmtp.Options{MaxSize: 10_000})
		r.play(scenario...)
		n := r.queueText(strings.Repeat("word ", 4000), "bo")
		r.run()
		r.want("after the run", n, refused)
		if l := r.letter(n); !strings.Contains(l.Error, "10000") {
			t.Errorf("%v: told %q", scenario, l.Error)
		}
		if in := r.server.Stats().In; in > 1000 {
			t.Errorf("%v: %d bytes were sent", scenario, in)
		}
	}
}

func TestEachRecipientOnce(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("bo", "greylist", "refuse", "cy")
	for range 3 {
		r.run()
		r.clock.Advance(10 * time.Minute)
	}
	r.want("in the end", n, filed)
	if got := r.accepted(n); got["bo"] != 1 || got["cy"] != 1 || got["greylist"] != 1 || got["refuse"] != 0 {
		t.Errorf("copies %v", got)
	}
	for _, p := range r.letter(n).Recipients {
		if p.Address == "refuse@demo.example" && (p.State != localstore.RecipientRefused || !strings.HasPrefix(p.Reply, "550 ")) {
			t.Errorf("%+v", p)
		}
	}
}

func TestTheBackOffGrowsAndHasNoEnd(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("temp")
	for try, want := range []time.Duration{1, 2, 4, 5, 5, 5, 5} {
		r.run()
		l := r.letter(n)
		if wait := l.NotBefore.Sub(r.clock.Now()); wait != want*time.Minute || l.State != queued || !strings.HasPrefix(l.Error, "451 ") {
			t.Errorf("after try %d: %v, %s, %q", try, wait, l.State, l.Error)
		}
		r.clock.Advance(want * time.Minute)
	}
}

func TestAnsweredIsSet(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	question := r.letter(r.queue("anna"))
	r.run()
	r.answers = question.Content
	answer := r.queue("bo")
	answered := func() bool {
		m, err := r.message(question.Message)
		if err != nil {
			t.Fatal(err)
		}
		return m.Flags&localstore.Answered != 0
	}
	if answered() {
		t.Error("answered before the letter is out")
	}
	r.run()
	if !answered() {
		t.Error("not answered")
	}
	r.want("in the end", answer, filed)
}

func TestAnIMAPAccountFilesByAppend(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	r.write(func(tx *localstore.Tx) error {
		a := r.account
		a.Name, a.Mode, a.IMAP = "By IMAP", localstore.IMAP, localstore.Server{Host: "127.0.0.1", Port: 2, Security: localstore.Plain, User: "anna"}
		id, err := tx.AddAccount(a)
		if err != nil {
			return err
		}
		if r.account, err = tx.Account(id); err != nil {
			return err
		}
		drop, err := tx.OpenMaildrop(id, localstore.IMAP, "127.0.0.1", 2, "anna")
		if err != nil {
			return err
		}
		sent, err := tx.FolderByRole(id, localstore.RoleSent)
		if err != nil {
			return err
		}
		_, err = tx.PutRemoteFolder(localstore.RemoteFolder{Folder: sent.ID, Maildrop: drop.ID, Name: "Sent"})
		return err
	})
	n := r.queue("bo")
	r.run()
	r.want("before the server's folders are known", n, localstore.OutSent)
	r.write(func(tx *localstore.Tx) error {
		inbox, err := tx.FolderByRole(r.account.ID, localstore.RoleInbox)
		if err != nil {
			return err
		}
		drop, _, err := tx.OpenMaildropOf(r.account.ID)
		if err != nil {
			return err
		}
		_, err = tx.PutRemoteFolder(localstore.RemoteFolder{Folder: inbox.ID, Maildrop: drop.ID, Name: "INBOX"})
		return err
	})
	if err := File(context.Background(), r.store, r.account); err != nil {
		t.Fatal(err)
	}
	r.want("when they are known", n, filed)
	err := r.store.Read(context.Background(), func(v *localstore.View) error {
		pending, err := v.Pendings(r.account.ID)
		if len(pending) != 1 || pending[0].Kind != localstore.PendAppend {
			t.Errorf("pending: %+v", pending)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatWasSentIsFiledAfterACrash(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("bo")
	r.write(func(tx *localstore.Tx) error {
		if err := tx.LetterSending(n, localstore.NewContent{}); err != nil {
			return err
		}
		if err := tx.LetterDot(n, r.clock.Now(), nil); err != nil {
			return err
		}
		return tx.LetterSent(n, r.clock.Now(), "250 ok")
	})
	r.server.Offline()
	if _, err := r.run(); err != nil {
		t.Error(err)
	}
	r.want("after a run without a network", n, filed)
}

func TestOffline(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	n := r.queue("bo")
	r.server.Offline()
	if _, err := r.run(); !fault.Is(err, fault.Online) {
		t.Errorf("%v", err)
	}
	if l := r.letter(n); l.State != queued || l.Attempts != 0 {
		t.Errorf("%+v", l)
	}
}

func TestWhatWeCallOurselves(t *testing.T) {
	for address, want := range map[string]string{
		"anna@demo.example": "demo.example", "anna": "[127.0.0.1]", "": "[127.0.0.1]", "anna@": "[127.0.0.1]",
		"anna@localhost": "[127.0.0.1]", "anna@b\u00fccher.example": "[127.0.0.1]", "a@x.y\r\nRSET": "[127.0.0.1]",
	} {
		if got := ehloName(address); got != want {
			t.Errorf("ehloName(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestCheckAndCredentials(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	if err := Check(context.Background(), r.account, "secret"); err != nil {
		t.Error(err)
	}
	for _, password := range []string{"wrong", "sec\r\nret", "a\x00b"} {
		err := Check(context.Background(), r.account, password)
		if e := fault.Of(err); e == nil || e.Remedy != fault.User {
			t.Errorf("%q: %v", password, err)
		}
	}
	for _, l := range r.server.Transcript() {
		if strings.Contains(l.Text, "ret") && !strings.HasPrefix(l.Text, "AUTH") {
			t.Errorf("said %q", l.Text)
		}
	}
}

func TestStartTLS(t *testing.T) {
	r := newRig(t, fakesmtp.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	r.account.SMTP.Security, r.account.SMTP.CAFile = localstore.STARTTLS, t.TempDir()+"/ca.pem"
	writeFile(t, r.account.SMTP.CAFile, fakeserver.CAPEM())
	for _, scenario := range []string{"no-starttls", "starttls-454", "starttls-inject", "drop-at-starttls"} {
		n := r.queue("bo")
		r.play(scenario)
		if _, err := r.run(); err == nil {
			t.Errorf("%s: no error", scenario)
		}
		r.want(scenario, n, queued)
	}
	r.play("starttls-caps", "ehlo-lowercase")
	if report, err := r.run(); err != nil || report.Sent != 4 {
		t.Errorf("%+v, %v", report, err)
	}
	r.wantNoSins("in the end")
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a\r\n", "a\r\n": "a\r\n", "a\nb": "a\r\nb\r\n", "a\rb\r": "a\r\nb\r\n", "\r\r\n\n": "\r\n\r\n\r\n",
		".\r\n": ".\r\n", "a\n.\nb": "a\r\n.\r\nb\r\n",
	} {
		for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in))} {
			got, err := io.ReadAll(newCanonical(r))
			if err != nil || string(got) != want {
				t.Errorf("%q becomes %q, %v, want %q", in, got, err, want)
			}
		}
	}
}

func writeFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func FuzzWire(f *testing.F) {
	f.Add([]byte("a\n.\r\n..\r.b"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var whole, pieces bytes.Buffer
		if _, err := io.Copy(newStuffer(&whole), newCanonical(bytes.NewReader(in))); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(newStuffer(&pieces), newCanonical(iotest.OneByteReader(bytes.NewReader(in)))); err != nil {
			t.Fatal(err)
		}
		if whole.String() != pieces.String() {
			t.Errorf("%q and in pieces %q", whole.String(), pieces.String())
		}
		ended := whole.String() + "\r\n.\r\n"
		if len(in) > 0 && strings.Index("\r\n"+ended, "\r\n.\r\n") != len(ended)-3 {
			t.Errorf("%q: the letter could end early", ended)
		}
		if strings.Count(ended, "\r") != strings.Count(ended, "\r\n") || strings.Count(ended, "\n") != strings.Count(ended, "\r\n") {
			t.Errorf("%q: a bare line end", ended)
		}
	})
}

func TestADiskThatFailsSendsNoDot(t *testing.T) {
	r := newRig(t, fakesmtp.Options{})
	s, err := open(context.Background(), r.account, "secret", r.options.filled())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if err := s.client.Mail("anna@demo.example", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.client.Rcpt("bo@demo.example", nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk is gone")
	if _, err := s.upload(io.MultiReader(strings.NewReader("Subject: x\r\n\r\n"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	r.server.Offline()
	if got := r.server.Accepted(); len(got) != 0 {
		t.Errorf("half a letter was accepted: %q", got[0].Raw)
	}
}
