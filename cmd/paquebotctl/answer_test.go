package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/letter"
)

// withFile delivers a mail with an attachment and returns its id and text.
func (s *shell) withFile(v servers) (id string, content string) {
	s.Helper()
	content = strings.Repeat("attached ", 300_000)
	v.user.Deliver([]byte("From: Amélie <amelie@fournier.example>\r\nTo: anna@example.org\r\nSubject: plan\r\nMessage-ID: <plan@fournier.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\n\r\nThe plan is attached.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=plan.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
		base64.StdEncoding.EncodeToString([]byte(content))+"\r\n--b--\r\n"), fakeserver.Epoch)
	s.add(v, "imap")
	s.want(0, "sync")
	var list messagesJSON
	s.json(&list, "list", "INBOX")
	return fmt.Sprint(list.Messages[0].ID), content
}

func TestForwardCarriesTheAttachmentsThatWereNotHere(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	id, content := s.withFile(v)
	s.want(0, "show", id) // its text is here now, its attachment is not
	s.want(69, "--offline", "forward", id, "--to", "bo@example.net")
	s.want(0, "forward", id, "--to", "bo@example.net")
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	l := letter.Parse(all[0].Raw)
	files := l.Attachments()
	if len(files) != 1 || files[0].Name != "plan.bin" || !strings.Contains(l.Text(), "The plan is attached.") {
		t.Fatalf("%s", all[0].Raw)
	}
	var b strings.Builder
	if _, err := io.Copy(&b, l.Open(files[0])); err != nil || b.String() != content {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

func TestReplyWorksWhereNoServerIsReached(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	id, _ := s.withFile(v)
	v.imap.Offline()
	r := s.run("I see.\n", "reply", id, "--body", "-")
	s.checkCode(r, 0, []string{"reply"})
	if !strings.Contains(r.err, "not quoted") {
		t.Errorf("said %q", r.err)
	}
	s.checkCode(s.run("", "forward", id, "--to", "bo@example.net"), 69, []string{"forward"})
}

func TestJSONIsADocumentAlways(t *testing.T) {
	s, v := newShell(t), startServers(t, 1)
	s.add(v, "imap")
	s.want(0, "sync")
	var nothing map[string]any
	s.json(&nothing, "flag", "1", "--set", "flagged")
	s.json(&nothing, "pending", "cancel", "1")
	if len(nothing) != 0 {
		t.Errorf("%v", nothing)
	}
}

func TestSyncSaysWhichLettersWait(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	s.add(v, "pop")
	for _, to := range []string{"drop-after-data", "refuse"} {
		s.checkCode(s.run("To: "+to+"@example.net\n\ntext\n", "send", "-t"), 0, []string{"send"})
	}
	if r := s.want(0, "sync"); !strings.Contains(r.err, "outbox confirm 1 --sent or --again") || !strings.Contains(r.err, "letter 2 was refused: 550 ") {
		t.Errorf("said %q", r.err)
	}
}

// TestAnswersToListsAndMessagesPassedOnAsTheyAre.
func TestAnswersToListsAndMessagesPassedOnAsTheyAre(t *testing.T) {
	s, v := newShell(t), startServers(t, 0)
	const raw = "From: Bo <bo@example.net>\r\nTo: anna@example.org, list@lists.example\r\nBcc: secret@example.net\r\nSubject: Re: Plan\r\nMessage-ID: <p@example.net>\r\nList-Post: <mailto:list@lists.example>\r\n\r\nWell?\r\n.\r\nFrom here.\r\n"
	v.user.Deliver([]byte(raw), fakeserver.Epoch)
	v.user.Deliver([]byte("From: Bo <bo@example.net>\r\nTo: anna@example.org\r\nSubject: none\r\nMessage-ID: <n@example.net>\r\n\r\nx\r\n"), fakeserver.Epoch)
	s.add(v, "pop", "--pop-delete", "never")
	s.want(0, "sync")
	var list messagesJSON
	s.json(&list, "search", "subject:Plan")
	id := fmt.Sprint(list.Messages[0].ID)
	s.checkCode(s.run("Yes.", "reply", id, "--list", "--body", "-"), 0, nil)
	s.checkCode(s.run("Yes.", "reply", id, "--list", "--all", "--body", "-"), 64, nil)
	s.want(0, "forward", id, "--attached", "--to", "cy@example.net")
	s.json(&list, "search", "subject:none")
	s.checkCode(s.run("Yes.", "reply", fmt.Sprint(list.Messages[0].ID), "--list", "--body", "-"), 65, nil)
	s.want(0, "sync")
	all := v.smtp.Accepted()
	if len(all) != 2 || strings.Join(all[0].To, " ") != "list@lists.example" {
		t.Fatalf("%+v", all)
	}
	l := letter.Parse(all[1].Raw)
	files := l.Attachments()
	if len(files) != 1 || files[0].Name != "Plan.eml" || files[0].Type != "message/rfc822" || l.Header.Subject != "Fwd: Plan" {
		t.Fatalf("%s", all[1].Raw)
	}
	got, err := io.ReadAll(l.Open(files[0]))
	if want := strings.Replace(raw, "Bcc: secret@example.net\r\n", "", 1); err != nil || string(got) != strings.TrimSuffix(want, "\r\n") && string(got) != want {
		t.Errorf("passed on as %q, %v", got, err)
	}
}
