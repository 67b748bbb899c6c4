package fakeimap_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
)

// letter makes a mail with an attachment.
func letter(n int) []byte {
	return []byte(fmt.Sprintf("From: \"Anna, K.\" <anna@demo.example>\r\nTo: bo@demo.example\r\n"+
		"Subject: letter %d\r\nDate: Sat, 14 Mar 2026 10:42:00 +0000\r\nMessage-ID: <%d@demo.example>\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\nA preamble.\r\n"+
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe %d\r\n"+
		"--b\r\nContent-Type: application/pdf; name=\"a b.pdf\"\r\nContent-Disposition: attachment; filename=\"a b.pdf\"\r\n"+
		"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n", n, n, n))
}

// world has the user anna, her usual mailboxes and n letters.
func world(n int) (*fakeserver.World, *fakeserver.User) {
	w := fakeserver.NewWorld()
	u := w.AddUser("anna", "secret")
	u.CreateUsual()
	for i := 1; i <= n; i++ {
		u.Deliver(letter(i), time.Time{})
	}
	return w, u
}

// signedIn returns a client of the real library.
func signedIn(t *testing.T, s *fakeimap.Server, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(s.Addr(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login("anna", "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func selected(t *testing.T, c *imapclient.Client) *imap.SelectData {
	t.Helper()
	d, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func uids(u *fakeserver.User, box string) string {
	var all []string
	for _, m := range u.Mailbox(box).Messages() {
		all = append(all, fmt.Sprint(m.UID))
	}
	return strings.Join(all, ",")
}

func noEvents(t *testing.T, s *fakeimap.Server) {
	t.Helper()
	if e := s.Events(); len(e) != 0 {
		t.Errorf("events = %v", e)
	}
}

func TestListAndStatus(t *testing.T) {
	w, u := world(2)
	u.Create("Réise/2026")
	u.Create("Réise")
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := signedIn(t, s, nil)
	all, err := c.List("", "*", &imap.ListOptions{
		ReturnSpecialUse: true, ReturnSubscribed: true,
		ReturnStatus: &imap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true, NumUnseen: true, HighestModSeq: true},
	}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range all {
		got = append(got, fmt.Sprintf("%s%v %d", d.Mailbox, d.Attrs, *d.Status.NumMessages))
	}
	want := []string{
		`INBOX[\HasNoChildren \Subscribed] 2`, `Archive[\Archive \HasNoChildren \Subscribed] 0`,
		`Drafts[\Drafts \HasNoChildren \Subscribed] 0`, `Junk[\Junk \HasNoChildren \Subscribed] 0`,
		`Réise[\HasChildren \Subscribed] 0`, `Réise/2026[\HasNoChildren \Subscribed] 0`,
		`Sent[\Sent \HasNoChildren \Subscribed] 0`, `Trash[\Trash \HasNoChildren \Subscribed] 0`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("LIST = %q", got)
	}
	if d := all[0].Status; *d.NumUnseen != 2 || d.UIDNext != 3 || d.HighestModSeq != 3 {
		t.Errorf("STATUS = %+v", d)
	}
	level, err := c.List("", "%", nil).Collect()
	if err != nil || len(level) != 7 {
		t.Errorf("LIST %% = %d, %v", len(level), err)
	}
	if err := c.Create("Neu", nil).Wait(); err != nil {
		t.Error(err)
	}
	if err := c.Rename("Réise", "Voyage", nil).Wait(); err != nil || u.Mailbox("Voyage/2026") == nil {
		t.Errorf("RENAME: %v", err)
	}
	if err := c.Delete("Neu").Wait(); err != nil || u.Mailbox("Neu") != nil {
		t.Errorf("DELETE: %v", err)
	}
	if err := c.Delete("Neu").Wait(); err == nil {
		t.Error("DELETE of nothing was taken")
	}
	noEvents(t, s)
}

func TestFetchServesExactBytes(t *testing.T) {
	w, u := world(3)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := signedIn(t, s, nil)
	if d := selected(t, c); d.NumMessages != 3 || d.UIDNext != 4 || d.UIDValidity != u.Mailbox("INBOX").Status().UIDValidity {
		t.Errorf("SELECT = %+v", d)
	}
	raw := string(letter(2))
	part := func(s imap.FetchItemBodySection) *imap.FetchItemBodySection { s.Peek = true; return &s }
	for want, section := range map[string]*imap.FetchItemBodySection{
		raw:                               part(imap.FetchItemBodySection{}),
		"A pre":                           part(imap.FetchItemBodySection{Specifier: imap.PartSpecifierText, Partial: &imap.SectionPartial{Size: 5}}),
		"--b--\r\n":                       part(imap.FetchItemBodySection{Partial: &imap.SectionPartial{Offset: int64(len(raw)) - 7, Size: 99}}),
		"Gr\xc3\xbc\xc3\x9fe 2":           part(imap.FetchItemBodySection{Part: []int{1}}),
		"JVBERi0=":                        part(imap.FetchItemBodySection{Part: []int{2}}),
		"Subject: letter 2\r\n\r\n":       part(imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"SUBJECT"}}),
		raw[:strings.Index(raw, "A pre")]: part(imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader}),
		"Content-Type: text/plain; charset=utf-8\r\n\r\n": part(imap.FetchItemBodySection{Specifier: imap.PartSpecifierMIME, Part: []int{1}}),
	} {
		all, err := c.Fetch(imap.UIDSetNum(2), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
		if err != nil || len(all) != 1 {
			t.Fatalf("FETCH = %v, %v", all, err)
		}
		got := string(all[0].FindBodySection(section))
		if section.Partial != nil { // the library looks sections up by their answer
			got = string(all[0].BodySection[0].Bytes)
		}
		if !strings.HasSuffix(want, got) || len(got) == 0 || section.Partial == nil && got != want {
			t.Errorf("%+v = %q, want %q", section, got, want)
		}
	}
	all, err := c.Fetch(imap.UIDSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
		UID: true, Flags: true, InternalDate: true, RFC822Size: true, Envelope: true, ModSeq: true,
		BodyStructure: &imap.FetchItemBodyStructure{Extended: true},
	}).Collect()
	if err != nil || len(all) != 3 {
		t.Fatalf("FETCH = %v, %v", all, err)
	}
	m := all[1]
	if m.UID != 2 || m.RFC822Size != int64(len(raw)) || !m.InternalDate.Equal(fakeserver.Epoch) || len(m.Flags) != 0 ||
		m.Envelope.Subject != "letter 2" || m.Envelope.From[0].Name != "Anna, K." || m.Envelope.MessageID != "2@demo.example" ||
		m.Envelope.To[0].Addr() != "bo@demo.example" || m.ModSeq == 0 {
		t.Errorf("FETCH = %+v %+v", m, m.Envelope)
	}
	multi, ok := m.BodyStructure.(*imap.BodyStructureMultiPart)
	if !ok || len(multi.Children) != 2 || multi.Children[1].(*imap.BodyStructureSinglePart).Filename() != "a b.pdf" {
		t.Errorf("BODYSTRUCTURE = %+v", m.BodyStructure)
	}
	noEvents(t, s)
	if _, err := c.Fetch(imap.UIDSetNum(2), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}).Collect(); err != nil {
		t.Fatal(err)
	}
	if e := s.Events(); len(e) != 1 || e[0].Name != "implicit-seen" {
		t.Errorf("events = %v", e)
	}
	if m, _ := u.Mailbox("INBOX").Message(2); !m.Has(`\Seen`) {
		t.Error("not seen")
	}
}

func TestAppendStoreCopyMoveExpunge(t *testing.T) {
	w, u := world(4)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	c := signedIn(t, s, nil)
	selected(t, c)
	big := append(letter(9), strings.Repeat("0123456789\r\n", 1000)...) // a synchronising literal
	for i, raw := range [][]byte{letter(8), big} {
		a := c.Append("Sent", int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: fakeserver.Epoch.Add(time.Hour)})
		if _, err := a.Write(raw); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		d, err := a.Wait()
		if err != nil || d.UID != imap.UID(i+1) || d.UIDValidity != u.Mailbox("Sent").Status().UIDValidity {
			t.Fatalf("APPEND = %+v, %v", d, err)
		}
	}
	if m := u.Mailbox("Sent").Messages()[1]; string(m.Raw) != string(big) || !m.Has(`\Seen`) || !m.InternalDate.Equal(fakeserver.Epoch.Add(time.Hour)) {
		t.Errorf("appended %v %v", m.Flags, m.InternalDate)
	}
	all, err := c.Store(imap.UIDSetNum(1, 2), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagFlagged, "$Work"}}, nil).Collect()
	if err != nil || len(all) != 2 || fmt.Sprint(all[0].Flags) != `[$Work \Flagged]` {
		t.Errorf("STORE = %v, %v", all, err)
	}
	d, err := c.Copy(imap.UIDSetNum(1, 3), "Archive").Wait()
	if err != nil || d.SourceUIDs.String() != "1,3" || d.DestUIDs.String() != "1:2" {
		t.Errorf("COPY = %+v, %v", d, err)
	}
	if m := u.Mailbox("Archive").Messages()[0]; !m.Has(`$Work`) {
		t.Error("COPY lost the flags")
	}
	moved, err := c.Move(imap.UIDSetNum(2), "Trash").Wait()
	if err != nil || moved.UIDValidity != u.Mailbox("Trash").Status().UIDValidity || uids(u, "INBOX") != "1,3,4" {
		t.Errorf("MOVE = %+v, %v", moved, err)
	}
	u.Mailbox("INBOX").AddFlags(1, `\Deleted`)
	c.Store(imap.UIDSetNum(4), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	if gone, err := c.UIDExpunge(imap.UIDSetNum(4)).Collect(); err != nil || fmt.Sprint(gone) != "[3]" {
		t.Errorf("UID EXPUNGE = %v, %v", gone, err)
	}
	if uids(u, "INBOX") != "1,3" {
		t.Errorf("left %s", uids(u, "INBOX"))
	}
	if _, err := c.Copy(imap.UIDSetNum(1), "Nowhere").Wait(); err == nil || !strings.Contains(err.Error(), "TRYCREATE") {
		t.Errorf("COPY to nowhere: %v", err)
	}
	noEvents(t, s)
}

func TestSearch(t *testing.T) {
	w, u := world(5)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	u.Mailbox("INBOX").AddFlags(2, `\Seen`)
	u.Mailbox("INBOX").Expunge(1)
	c := signedIn(t, s, nil)
	selected(t, c)
	for want, criteria := range map[string]*imap.SearchCriteria{
		"2:5": {},
		"3:5": {NotFlag: []imap.Flag{imap.FlagSeen}},
		"4":   {Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "<4@demo"}}},
		"3,5": {Or: [][2]imap.SearchCriteria{{{Text: []string{"GRüßE 3"}}, {UID: []imap.UIDSet{imap.UIDSetNum(5)}}}}},
		"":    {Before: fakeserver.Epoch.Truncate(24 * time.Hour)},
	} {
		d, err := c.UIDSearch(criteria, nil).Wait()
		got := ""
		if err == nil && d.All != nil {
			got = d.All.String()
		}
		if err != nil || got != want {
			t.Errorf("SEARCH %+v = %q, %v, want %q", criteria, got, err, want)
		}
	}
	d, err := c.UIDSearch(&imap.SearchCriteria{}, &imap.SearchOptions{ReturnCount: true, ReturnMax: true}).Wait()
	if err != nil || d.Count != 4 || d.Max != 5 {
		t.Errorf("ESEARCH = %+v, %v", d, err)
	}
}

func TestOthersChangesArriveInIdle(t *testing.T) {
	w, u := world(3)
	s := fakeimap.Start(t, w, fakeimap.Options{})
	heard := make(chan string, 10)
	c := signedIn(t, s, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Expunge: func(n uint32) { heard <- fmt.Sprint("expunge ", n) },
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				heard <- fmt.Sprint("exists ", *d.NumMessages)
			}
		},
		Fetch: func(d *imapclient.FetchMessageData) {
			if m, err := d.Collect(); err == nil {
				heard <- fmt.Sprint("flags ", m.UID, m.Flags)
			}
		},
	}})
	selected(t, c)
	other := signedIn(t, s, nil)
	selected(t, other)
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Store(imap.UIDSetNum(3), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, heard, `flags 3 [\Seen]`)
	u.Mailbox("INBOX").Expunge(2)
	expect(t, heard, "expunge 2")
	u.Deliver(letter(4), time.Time{})
	expect(t, heard, "exists 3")
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
	if err := idle.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := c.Noop().Wait(); err != nil {
		t.Fatal(err)
	}
	noEvents(t, s)
}

func expect(t *testing.T, heard chan string, want string) {
	t.Helper()
	select {
	case got := <-heard:
		if got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	case <-t.Context().Done():
		t.Fatalf("heard nothing, want %q", want)
	}
}

func TestStartTLSAndPasswordInClear(t *testing.T) {
	w, _ := world(1)
	s := fakeimap.Start(t, w, fakeimap.Options{Transport: fakeserver.Transport{TLS: fakeserver.StartTLS}})
	c, err := imapclient.DialStartTLS(s.Addr(), &imapclient.Options{
		TLSConfig: &tls.Config{RootCAs: fakeserver.CA(), ServerName: "localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("anna", "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	noEvents(t, s)
	signedIn(t, s, nil)
	if e := s.Events(); len(e) != 1 || e[0].Name != "PASSWORD-IN-CLEAR" {
		t.Errorf("events = %v", e)
	}
	implicit := fakeimap.Start(t, w, fakeimap.Options{Transport: fakeserver.Transport{
		TLS: fakeserver.Implicit, Certificate: fakeserver.Expired}})
	if _, err := imapclient.DialTLS(implicit.Addr(), &imapclient.Options{
		TLSConfig: &tls.Config{RootCAs: fakeserver.CA()}}); err == nil {
		t.Error("an expired certificate was taken")
	}
}

func TestAPoorServerOffersNothing(t *testing.T) {
	w, _ := world(1)
	s := fakeimap.Start(t, w, fakeimap.Options{Hide: fakeimap.Poor()})
	c := raw(t, s)
	if c.greeting != "* OK [CAPABILITY IMAP4rev1] ready" {
		t.Errorf("greeting %q", c.greeting)
	}
	c.ask("LOGIN anna secret", "OK")
	c.ask("SELECT INBOX", "OK")
	c.ask("IDLE", "BAD")
	c.ask("UID MOVE 1 Trash", "BAD")
	c.ask("UID EXPUNGE 1", "BAD")
	c.ask("UID FETCH 1 (MODSEQ)", "BAD")
	fmt.Fprint(c.nc, "x APPEND Sent {1+}\r\na\r\n")
	c.until("x OK")
	var got []string
	for _, e := range s.Events() {
		got = append(got, e.Name)
	}
	want := strings.Repeat("COMMAND-WITHOUT-CAPABILITY ", 4) + "LITERAL-PLUS-WITHOUT-CAPABILITY"
	if strings.Join(got, " ") != want {
		t.Errorf("events = %v", got)
	}
}
