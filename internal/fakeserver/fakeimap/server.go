// Package fakeimap is an IMAP4rev1 server (RFC 3501) on the mailboxes of a
// fakeserver.World.
//
// It guarantees that what it serves is exact: every section byte for byte,
// every change of the World told to every session in the order and at the
// moments that RFC 3501 §7.4.1 allows. Its extensions are LITERAL+, SASL-IR,
// IDLE, UIDPLUS, MOVE, SPECIAL-USE, LIST-EXTENDED, LIST-STATUS, ESEARCH,
// UNSELECT, NAMESPACE, ENABLE, ID, CHILDREN, CONDSTORE and QRESYNC; each may
// be hidden. Scenarios make it lie.
//
// It is written here because a server library is honest: it cannot say a wrong
// UIDVALIDITY, half a literal or nothing at all.
package fakeimap

import (
	"slices"
	"sync/atomic"

	"paquebot.app/internal/fakeserver"
)

// Options of a server. The zero value is plain TCP and every extension.
type Options struct {
	fakeserver.Transport
	// Hide names capabilities that are neither announced nor obeyed, such as
	// IDLE, UIDPLUS, LITERAL+ or AUTH=PLAIN. LOGIN is the command: without it
	// LOGINDISABLED is announced.
	Hide []string
	// Also names capabilities that are announced. XLIST is a command then;
	// X-GM-EXT-1 and OBJECTID make X-GM-MSGID and EMAILID items of FETCH; all
	// others do nothing.
	Also []string
	// Mechanisms are those of SASL: PLAIN, LOGIN, XOAUTH2, OAUTHBEARER; nil:
	// PLAIN. The access token of a user is the password.
	Mechanisms []string
}

// Server is a running IMAP server.
type Server struct {
	*fakeserver.Server
	script  *fakeserver.Script
	options Options
	extra   atomic.Int32 // mails that "other-client" has delivered
}

// Poor is a value of Options.Hide that leaves IMAP4rev1 alone.
func Poor() []string { return append([]string{"AUTH=PLAIN"}, extensions...) }

// Serve starts a server for the users of w.
func Serve(w *fakeserver.World, o Options) (*Server, error) {
	if o.Mechanisms == nil {
		o.Mechanisms = []string{"PLAIN"}
	}
	s := &Server{script: fakeserver.NewScript(scenarios), options: o}
	s.Server = fakeserver.New(w, o.Transport)
	if err := s.Server.Serve(s.session); err != nil {
		return nil, err
	}
	return s, nil
}

// Start is Serve for a test: it fails the test where it cannot listen and
// closes the server when the test ends.
func Start(t fakeserver.TB, w *fakeserver.World, o Options) *Server {
	t.Helper()
	s, err := Serve(w, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Scenario makes the server play the named scenarios and no other, from the
// next command on; see fakeserver.Script.Play.
func (s *Server) Scenario(names ...string) error { return s.script.Play(names...) }

// Scenarios returns the names of all scenarios.
func Scenarios() []string { return fakeserver.Names(scenarios) }

func (s *Server) hides(capability string) bool {
	return slices.Contains(s.options.Hide, capability)
}
