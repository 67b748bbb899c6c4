package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
	"paquebot.app/localstore"
)

// voyage is an IMAP account on a real Dovecot, reached through a proxy that
// stays where it is when the server starts again.
type voyage struct {
	*shell
	server *realserver.Server
	proxy  *proxy
	n      int // mails that were in the inbox at first
}

// mailbox is what the inboxes of these tests hold.
func mailbox(n int) testmail.Options {
	return testmail.Options{N: n, Seed: 11, MeanSize: 800, Attachments: 0.05, Threads: 0.5, Charsets: true, HTML: 0.2}
}

// startVoyage fills an inbox and adds the account.
func startVoyage(t *testing.T, n int, o realserver.Options, fates ...fate) *voyage {
	t.Helper()
	server := realserver.Dovecot(t, o)
	first := testmail.At(mailbox(n), 0)
	server.Append(t, "user1", "INBOX", "", first.Arrived, first.Raw)
	for i, m := range testmail.Generate(mailbox(n)) {
		switch {
		case i == 0: // there
		case o.Mdbox:
			server.Append(t, "user1", "INBOX", strings.Join(m.Flags, " "), m.Arrived, m.Raw)
		default:
			layMail(t, server, "user1", i, m)
		}
	}
	v := &voyage{newShell(t), server, startProxy(t, server.Addr(server.IMAP), fates...), n}
	v.join(server, nil, user{name: "user1", mode: "imap", incoming: v.proxy.addr, tls: "plain", more: []string{"--policy", "headers", "--no-check"}})
	return v
}

// layMail lays a mail into the Maildir of a user, with its flags and its time
// of arrival: quicker than a sign-in for each.
func layMail(t *testing.T, s *realserver.Server, user string, i int, m testmail.Mail) {
	t.Helper()
	info := []byte{}
	for _, f := range []struct{ word, letter string }{{`\Answered`, "R"}, {`\Flagged`, "F"}, {`\Seen`, "S"}} {
		if slices.Contains(m.Flags, f.word) {
			info = append(info, f.letter...)
		}
	}
	name := filepath.Join(s.Home(user), "Maildir", "cur", fmt.Sprintf("%d.%06d.harbour:2,%s", m.Arrived.Unix(), i, info))
	if err := os.WriteFile(name, m.Raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, m.Arrived, m.Arrived); err != nil {
		t.Fatal(err)
	}
}

// messageID finds the Message-ID of a generated mail.
var messageID = regexp.MustCompile(`(?im)^Message-ID: (<[^>]+>)`)

// entry is a message with its flags, as either side has it.
type entry struct{ id, flags string }

// on returns what a folder of the server holds.
func (v *voyage) on(folder string) []entry {
	v.Helper()
	var out []entry
	for _, m := range v.server.Mails(v.T, "user1", folder) {
		found := messageID.FindSubmatch(m.Raw)
		if found == nil {
			v.Fatalf("a mail of %s has no Message-ID: %.200q", folder, m.Raw)
		}
		var flags []string
		for _, f := range strings.Fields(strings.ToLower(m.Flags)) {
			if f = strings.TrimLeft(f, `\$`); f != "recent" {
				flags = append(flags, f)
			}
		}
		if slices.Contains(flags, "deleted") {
			continue // on a server that cannot expunge single mails: gone for everybody
		}
		slices.Sort(flags)
		out = append(out, entry{string(found[1]), strings.Join(flags, " ")})
	}
	return out
}

// here returns what a folder holds here, the newest first.
func (v *voyage) here(folder string) []messageJSON {
	v.Helper()
	var list messagesJSON
	v.json(&list, "--offline", "list", "user1/"+folder, "--limit", "0")
	if list.Total != len(list.Messages) {
		v.Errorf("%s counts %d and lists %d", folder, list.Total, len(list.Messages))
	}
	return list.Messages
}

// inStep fails unless folders hold the same mails with the same flags here and
// on the server, each as often.
func (v *voyage) inStep(folders ...string) {
	v.Helper()
	for _, folder := range folders {
		count := map[entry]int{}
		for _, e := range v.on(folder) {
			count[e]++
		}
		for _, m := range v.here(folder) {
			slices.Sort(m.Flags)
			count[entry{m.MessageID, strings.Join(m.Flags, " ")}]--
		}
		wrong := 0
		for e, n := range count {
			if n != 0 {
				if wrong++; wrong < 5 {
					v.Errorf("%s: %s with flags %q is %+d times more often on the server than here", folder, e.id, e.flags, n)
				}
			}
		}
		if wrong >= 5 {
			v.Errorf("%s: %d such differences", folder, wrong)
		}
	}
	v.inStore(func(ctx context.Context, store *localstore.Store) error {
		return store.Read(ctx, (*localstore.View).CheckCounts)
	})
}

// tell runs a raw command in a folder, as a second client.
func (v *voyage) tell(folder, command string) {
	v.Helper()
	v.server.Command(v.T, "user1", folder, command)
}

func id(m messageJSON) string { return fmt.Sprint(m.ID) }

func TestImapHeadersOfDovecotComeNewestFirst(t *testing.T) {
	t.Parallel()
	n := tortured(10000, 2000)
	// The first connection breaks when a part of the headers has come.
	v := startVoyage(t, n, realserver.Options{}, fate{fromServer: true, after: 205 * n})
	v.want(69, "sync")
	want := make([]string, n)
	for i, m := range testmail.Generate(mailbox(n)) {
		want[n-1-i] = string(messageID.FindSubmatch(m.Raw)[1])
	}
	ids := func() (got []string) {
		for _, m := range v.here("INBOX") {
			got = append(got, m.MessageID)
		}
		return got
	}
	// What had come of the command that was cut is here too; of those before it everything is.
	part := ids()
	screen := min(len(part), 100)
	if len(part) == 0 || len(part) >= n || !slices.Equal(part[:screen], want[:screen]) || !within(part, want[:min(n, len(part)+500)]) {
		t.Errorf("after the cut %d of %d headers are here, and they are not the newest ones", len(part), n)
	}
	r := v.sync()
	if r.Received != n-len(part) || r.Bodies != 0 {
		t.Errorf("then %d more came, want %d: %+v", r.Received, n-len(part), r)
	}
	if most := 20 + n/400; r.RoundTrips > most {
		t.Errorf("that took %d turns, want at most %d", r.RoundTrips, most)
	}
	if !slices.Equal(ids(), want) {
		t.Error("the list is not the newest first, or not whole")
	}
	v.inStep("INBOX")
	r = v.sync()
	if r.Received+r.Applied > 0 || r.RoundTrips > 10 || r.BytesIn > 5000 {
		t.Errorf("with nothing new it did something: %+v", r)
	}
	if said := v.proxy.heard(); strings.Contains(said, " STORE ") || strings.Contains(said, " BODY[") {
		t.Error("receiving and listing changed something on the server")
	}
	v.want(0, "verify")
}

// within tells whether all of part is in whole.
func within(part, whole []string) bool {
	in := map[string]bool{}
	for _, s := range whole {
		in[s] = true
	}
	return !slices.ContainsFunc(part, func(s string) bool { return !in[s] })
}

func TestImapBodiesOfDovecotComeByPartAndWhole(t *testing.T) {
	t.Parallel()
	v := startVoyage(t, 40, realserver.Options{})
	file := bytes.Repeat([]byte("0123456789abcde\n"), 40<<10)
	large := fmt.Appendf(nil, "From: far@away.example\r\nTo: user1@harbour.test\r\nSubject: plans\r\nMessage-ID: <large@away.example>\r\nDate: Sat, 14 Mar 2026 09:00:00 +0000\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 is open.\r\n"+
		"--b\r\nContent-Type: application/octet-stream; name=plans.bin\r\nContent-Disposition: attachment; filename=plans.bin\r\n\r\n%s\r\n--b--\r\n", bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")))
	v.server.Append(t, "user1", "INBOX", "", testmail.At(mailbox(1), 100).Arrived, large)
	v.sync()
	before := v.on("INBOX")

	newest := v.here("INBOX")[0]
	if newest.Body != "none" || newest.Where != "server" {
		t.Errorf("only headers were asked for: %+v", newest)
	}
	var shown shownJSON
	v.json(&shown, "show", id(newest))
	if !strings.Contains(shown.Text, "The café is open.") || shown.Body != "text" || len(shown.Attachments) != 1 || shown.Attachments[0].Here {
		t.Errorf("by part: %.300q %s %+v", shown.Text, shown.Body, shown.Attachments)
	}
	part := v.want(0, "show", id(newest), "--part", shown.Attachments[0].Part)
	if part.out != string(bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n"))) {
		t.Errorf("the attachment has %d bytes and is not what was sent", len(part.out))
	}
	var all []sum
	raws := map[string][]byte{}
	for _, m := range v.server.Mails(t, "user1", "INBOX") {
		raws[string(messageID.FindSubmatch(m.Raw)[1])] = m.Raw
		all = append(all, sha256.Sum256(m.Raw))
	}
	list := v.here("INBOX")
	for _, m := range []messageJSON{list[0], list[7], list[40]} {
		if got := v.want(0, "show", id(m), "--raw").out; got != string(raws[m.MessageID]) {
			t.Errorf("%s: %d bytes came, not the %d of the server", m.MessageID, len(got), len(raws[m.MessageID]))
		}
	}
	for _, m := range list {
		v.want(0, "want", id(m))
	}
	if r := v.sync(); r.Bodies != 38 {
		t.Errorf("%d bodies came, want the 38 that were not here whole", r.Bodies)
	}
	v.same(v.stored("user1"), sorted(all))
	if !slices.Equal(v.on("INBOX"), before) {
		t.Error("reading changed something on the server")
	}
	if strings.Contains(v.proxy.heard(), " BODY[") {
		t.Error("a body was fetched without PEEK")
	}
	v.want(0, "verify")
}

func TestImapCraftedMailOfDovecotArrivesWhole(t *testing.T) {
	t.Parallel()
	v := startVoyage(t, 1, realserver.Options{})
	layCrafted(t, v.server, "user1")
	v.want(0, "account", "set", "user1", "policy=all")
	v.sync()
	for _, m := range v.here("INBOX") {
		v.want(0, "want", id(m))
	}
	if r := v.sync(); len(r.Conflicts) > 0 {
		t.Errorf("sync: %+v", r)
	}
	var want []sum
	for _, m := range v.server.Mails(t, "user1", "INBOX") {
		want = append(want, sha256.Sum256(m.Raw))
	}
	v.same(v.stored("user1"), sorted(want))
	if r := v.sync(); r.Received+r.Bodies+r.Applied > 0 {
		t.Errorf("a further sync did something: %+v", r)
	}
	v.want(0, "verify")
}

func TestImapChangesTravelBothWaysOnDovecot(t *testing.T) {
	t.Parallel()
	for _, way := range []struct {
		name    string
		options realserver.Options
	}{
		{"Maildir", realserver.Options{}},
		{"mdbox", realserver.Options{Mdbox: true}},
		{"few capabilities", realserver.Options{IMAPCapability: "IMAP4rev1"}},
	} {
		t.Run(way.name, func(t *testing.T) {
			v := startVoyage(t, 90, way.options)
			v.sync()
			v.inStep("INBOX")
			v.changeHere()
			v.changeThere()
			v.sync()
			v.sync() // what the server did not say where it put is found
			v.checkChanges()
			if r := v.sync(); r.Received+r.Applied+r.Held > 0 || len(r.Conflicts) > 0 {
				t.Errorf("with nothing new it did something: %+v", r)
			}
			v.want(0, "verify")
			if way.options.IMAPCapability == "" {
				return
			}
			for _, word := range []string{" MOVE ", "EXPUNGE", "CONDSTORE", "CHANGEDSINCE", "IDLE", "RETURN", "ENABLE", "QRESYNC", "+}", "ENTRY"} {
				if strings.Contains(v.proxy.heard(), word) {
					t.Errorf("it said %q to a server that does not offer it", word)
				}
			}
		})
	}
}

// changeHere makes changes of every kind offline.
func (v *voyage) changeHere() {
	v.Helper()
	list := v.here("INBOX")
	v.want(0, "--offline", "flag", id(list[0]), id(list[1]), "--set", "seen,flagged", "--clear", "answered")
	v.want(0, "--offline", "flag", id(list[2]), "--set", "harbour", "--clear", "seen")
	v.want(0, "--offline", "move", id(list[3]), id(list[4]), "Archive")
	v.want(0, "--offline", "copy", id(list[5]), "Archive")
	v.want(0, "--offline", "delete", id(list[6]))
	v.want(0, "--offline", "delete", "--now", id(list[7]))
	v.want(0, "--offline", "flag", id(list[8]), "--set", "flagged")
	v.want(0, "--offline", "move", id(list[8]), "Junk")
	v.inStore(func(ctx context.Context, store *localstore.Store) error {
		return store.Write(ctx, "test folder", func(tx *localstore.Tx) error {
			a, err := tx.AccountByName("user1")
			if err != nil {
				return err
			}
			f, err := tx.CreateFolder(a.ID, "Voyages/Açores")
			if err != nil {
				return err
			}
			return errors.Join(
				tx.Move([]localstore.MessageID{list[9].ID}, f),
				tx.SetFlags([]localstore.MessageID{list[9].ID}, localstore.Seen|localstore.Flagged, 0),
			)
		})
	})
}

// changeThere makes changes as another client, some to the same messages.
// Sequence numbers count from the oldest.
func (v *voyage) changeThere() {
	v.Helper()
	v.tell("INBOX", fmt.Sprintf(`STORE %d +FLAGS.SILENT (\Deleted)`, v.n-7)) // also deleted here
	v.tell("INBOX", fmt.Sprintf(`STORE %d +FLAGS (\Answered $Forwarded)`, v.n))
	v.tell("INBOX", `STORE 11:20 +FLAGS (\Seen \Flagged)`)
	v.tell("INBOX", `STORE 21:30 -FLAGS (\Seen)`)
	v.tell("INBOX", `STORE 31 FLAGS (wave)`)
	v.tell("INBOX", `CREATE Cargo`)
	v.tell("INBOX", `MOVE 41:43 Cargo`)
	v.tell("INBOX", `COPY 44 Cargo`)
	v.tell("INBOX", `STORE 51:53 +FLAGS.SILENT (\Deleted)`)
	v.tell("INBOX", `EXPUNGE`)
	v.server.Append(v.T, "user1", "INBOX", `\Flagged`, testmail.At(mailbox(1), v.n).Arrived, testmail.At(mailbox(1), v.n).Raw)
	v.server.Append(v.T, "user1", "Cargo", "", testmail.At(mailbox(1), v.n).Arrived, testmail.At(mailbox(1), v.n+1).Raw)
}

// checkChanges holds both sides against each other and against what was done.
func (v *voyage) checkChanges() {
	v.Helper()
	v.inStep("INBOX", "Archive", "Trash", "Junk", "Cargo")
	moved := v.here("Voyages/Açores")
	if there := v.on("Voyages/A&AOc-ores"); len(there) != 1 || len(moved) != 1 || there[0].id != moved[0].MessageID || !strings.Contains(there[0].flags, "flagged") {
		v.Errorf("in the new folder are here %+v and there %+v", moved, there)
	}
	for folder, want := range map[string]int{"Archive": 3, "Trash": 1, "Junk": 1, "Cargo": 5, "INBOX": v.n - 2 - 1 - 1 - 1 - 1 - 3 - 3 + 1} {
		if got := len(v.on(folder)); got != want {
			v.Errorf("%s holds %d, want %d", folder, got, want)
		}
	}
	var pending struct{ Pending []pendingJSON }
	v.json(&pending, "--offline", "pending", "list")
	if len(pending.Pending) > 0 {
		v.Errorf("left over: %+v", pending.Pending)
	}
}

func TestImapFolderThatDovecotNumbersAnewIsBoundAgain(t *testing.T) {
	t.Parallel()
	v := startVoyage(t, 120, realserver.Options{})
	v.sync()
	list := v.here("INBOX")
	for _, m := range list[:5] {
		v.want(0, "want", id(m))
	}
	v.sync()
	list = v.here("INBOX")
	v.want(0, "--offline", "flag", id(list[10]), "--set", "flagged,seen")
	v.want(0, "--offline", "move", id(list[11]), "Archive")

	v.server.Stop(t)
	for _, name := range []string{"dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache", "dovecot.list.index", "dovecot.list.index.log", "dovecot-uidvalidity"} {
		os.Remove(filepath.Join(v.server.Home("user1"), "Maildir", name))
	}
	v.server.Start(t)
	v.proxy.move(v.server.Addr(v.server.IMAP))
	r := v.sync()
	v.sync()
	if r.Received > 0 || r.Bodies > 0 || r.Held > 0 {
		t.Errorf("known mail came again: %+v", r)
	}
	after := v.here("INBOX")
	kept := map[localstore.MessageID]messageJSON{}
	for _, m := range after {
		kept[m.ID] = m
	}
	for i, m := range list {
		if i == 11 {
			continue
		}
		if now, ok := kept[m.ID]; !ok || now.Body != m.Body {
			t.Errorf("message %d, the %dth, is %+v", m.ID, i, now)
		}
	}
	v.inStep("INBOX", "Archive")
	if got := v.on("Archive"); len(got) != 1 || got[0].id != list[11].MessageID {
		t.Errorf("Archive holds %v", got)
	}
	v.want(0, "verify")
}
