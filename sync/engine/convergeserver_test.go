package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/fakeserver"
	"paquebot.app/internal/fakeserver/fakeimap"
	"paquebot.app/internal/realserver"
	"paquebot.app/localstore"
)

// other is the account as a client sees it that is no Paquebot. Its commands
// are never refused: whoever gives them has looked first.
type other interface {
	login() (s localstore.Server, secret string)
	moves() bool // it has MOVE
	folders() []string
	list(folder string) []copyOf
	deliver(folder string, raw []byte)
	mark(folder string, uid uint32, flag string, on bool)
	copy(folder string, uid uint32, to string)
	move(folder string, uid uint32, to string)
	expunge(folder string, uid uint32)
	create(folder string)
	rename(folder, to string)
	remove(folder string)
}

// copyOf is a mail in a folder of the server.
type copyOf struct {
	uid   uint32
	flags []string
	raw   []byte
}

func (c copyOf) deleted() bool {
	return slices.ContainsFunc(c.flags, func(f string) bool { return strings.EqualFold(f, `\Deleted`) })
}

// fakeOther is an account of the server in process.
type fakeOther struct {
	server *fakeimap.Server
	user   *fakeserver.User
	byCopy bool
}

func newFakeOther(t *testing.T, hide ...string) other {
	world := fakeserver.NewWorld()
	f := &fakeOther{user: world.AddUser("anna", "secret"), byCopy: slices.Contains(hide, "MOVE")}
	f.user.CreateUsual()
	f.server = fakeimap.Start(t, world, fakeimap.Options{Hide: hide})
	return f
}

func (f *fakeOther) login() (localstore.Server, string) {
	return localstore.Server{Host: f.server.Host(), Port: f.server.Port(), Security: localstore.Plain, User: "anna"}, "secret"
}

func (f *fakeOther) moves() bool { return !f.byCopy }

func (f *fakeOther) folders() (out []string) {
	for _, b := range f.user.Mailboxes() {
		out = append(out, b.Status().Name)
	}
	return out
}

func (f *fakeOther) list(folder string) (out []copyOf) {
	for _, m := range f.user.Mailbox(folder).Messages() {
		out = append(out, copyOf{m.UID, m.Flags, m.Raw})
	}
	return out
}

func (f *fakeOther) deliver(folder string, raw []byte) {
	f.user.Mailbox(folder).Append(raw, fakeserver.Epoch)
}

func (f *fakeOther) mark(folder string, uid uint32, flag string, on bool) {
	if on {
		f.user.Mailbox(folder).AddFlags(uid, flag)
	} else {
		f.user.Mailbox(folder).RemoveFlags(uid, flag)
	}
}

func (f *fakeOther) copy(folder string, uid uint32, to string) {
	f.user.Mailbox(folder).CopyTo(f.user.Mailbox(to), uid)
}

func (f *fakeOther) move(folder string, uid uint32, to string) {
	f.copy(folder, uid, to)
	f.expunge(folder, uid)
}

func (f *fakeOther) expunge(folder string, uid uint32) { f.user.Mailbox(folder).Expunge(uid) }
func (f *fakeOther) create(folder string)              { f.user.Create(folder) }
func (f *fakeOther) rename(folder, to string)          { f.user.Rename(folder, to) }
func (f *fakeOther) remove(folder string)              { f.user.Delete(folder) }

// realOther is an account of a Dovecot.
type realOther struct {
	t       testing.TB
	dovecot *realserver.Server
	user    string
	byCopy  bool
}

// refusable is a test in which a refused command ends what the other client does,
// and is no failure: while a pass runs, a folder may go between two commands.
type refusable struct{ testing.TB }

// refused is what the server said.
type refused string

func (refusable) Fatalf(format string, args ...any) { panic(refused(fmt.Sprintf(format, args...))) }

func newRealOther(t *testing.T, capability string) other {
	d := realserver.Dovecot(t, realserver.Options{IMAPCapability: capability})
	return &realOther{refusable{t}, d, d.Users[0], capability != "" && !strings.Contains(capability, "MOVE")}
}

func (r *realOther) login() (localstore.Server, string) {
	d := r.dovecot
	return localstore.Server{Host: d.Host, Port: d.IMAP, Security: localstore.STARTTLS, User: r.user, CAFile: d.CAFile}, realserver.Password
}

func (r *realOther) command(folder, format string, args ...any) {
	r.dovecot.Command(r.t, r.user, folder, fmt.Sprintf(format, args...))
}

func (r *realOther) moves() bool { return !r.byCopy }

func (r *realOther) folders() []string { return r.dovecot.Folders(r.t, r.user) }

func (r *realOther) list(folder string) (out []copyOf) {
	for _, m := range r.dovecot.Mails(r.t, r.user, folder) {
		out = append(out, copyOf{uint32(m.UID), strings.Fields(m.Flags), m.Raw})
	}
	return out
}

func (r *realOther) deliver(folder string, raw []byte) {
	r.dovecot.Append(r.t, r.user, folder, "", fakeserver.Epoch.Add(-time.Hour), raw)
}

func (r *realOther) mark(folder string, uid uint32, flag string, on bool) {
	r.command(folder, "UID STORE %d %sFLAGS (%s)", uid, map[bool]string{true: "+", false: "-"}[on], flag)
}

func (r *realOther) copy(folder string, uid uint32, to string) {
	r.command(folder, "UID COPY %d %q", uid, to)
}

func (r *realOther) move(folder string, uid uint32, to string) {
	r.command(folder, "UID MOVE %d %q", uid, to)
}

func (r *realOther) expunge(folder string, uid uint32) {
	r.mark(folder, uid, `\Deleted`, true)
	r.command(folder, "UID EXPUNGE %d", uid)
}

func (r *realOther) create(folder string)     { r.command("INBOX", "CREATE %q", folder) }
func (r *realOther) rename(folder, to string) { r.command("INBOX", "RENAME %q %q", folder, to) }
func (r *realOther) remove(folder string)     { r.command("INBOX", "DELETE %q", folder) }
