// Package fakepop is a POP3 server (RFC 1939, 2449, 2595, 5034) on the INBOXes
// of a fakeserver.World.
//
// It guarantees what the RFCs demand of a server: one session a maildrop at a
// time, message numbers that stand for a session, deletions that become real
// at QUIT only. It keeps that until a scenario (Scenarios) makes it lie.
package fakepop

import (
	"slices"
	"sync"

	"paquebot.app/internal/fakeserver"
)

// Options of a server. The zero value is plain TCP, every capability and
// UIDLs as Dovecot makes them.
type Options struct {
	fakeserver.Transport
	// Hide names capabilities that are neither announced nor obeyed: UIDL,
	// TOP, PIPELINING, RESP-CODES, SASL, USER, STLS, EXPIRE, CAPA itself.
	Hide []string
	// Expire is what CAPA says after EXPIRE (RFC 2449 §6.7); empty: NEVER.
	// With "0" a message that was retrieved is removed at QUIT.
	Expire string
	// Mechanisms are those of SASL: PLAIN, LOGIN, XOAUTH2, OAUTHBEARER; nil:
	// PLAIN. The access token of a user is the password.
	Mechanisms []string
	// APOP has a timestamp in the greeting and obeys APOP.
	APOP bool
	// LoginDelay is announced (RFC 2449 §6.5), in seconds; 0: not.
	LoginDelay int
	// Lot is how many mails a session of "recent" lists; 0: four.
	Lot int
	// UIDL makes the unique id of a message; nil: UIDLDovecot.
	UIDL func(validity uint32, m fakeserver.Message) string
}

// Server is a running POP3 server.
type Server struct {
	*fakeserver.Server
	script  *fakeserver.Script
	options Options

	mu        sync.Mutex
	sessions  int // sign-ins so far
	tries     int // sign-ins while "delay-next" was played
	retrieved map[mailID]bool
	bad       map[string]mailID // by user: the bad mail of the scenarios
}

// mailID names a message for good.
type mailID struct {
	user          string
	validity, uid uint32
}

// Serve starts a server for the users of w.
func Serve(w *fakeserver.World, o Options) (*Server, error) {
	if o.UIDL == nil {
		o.UIDL = UIDLDovecot
	}
	if o.Mechanisms == nil {
		o.Mechanisms = []string{"PLAIN"}
	}
	if o.Lot == 0 {
		o.Lot = 4
	}
	if o.Expire == "" {
		o.Expire = "NEVER"
	}
	s := &Server{
		script:    fakeserver.NewScript(scenarios),
		options:   o,
		retrieved: map[mailID]bool{},
		bad:       map[string]mailID{},
	}
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

// UIDL returns the unique id that an honest session lists for m, a message of
// user's INBOX.
func (s *Server) UIDL(user *fakeserver.User, m fakeserver.Message) string {
	return s.options.UIDL(user.Mailbox("INBOX").Status().UIDValidity, m)
}

func (s *Server) hides(capability string) bool {
	return slices.Contains(s.options.Hide, capability)
}

func (s *Server) countSession() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions++
	return s.sessions
}

func (s *Server) countTry() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	return s.tries
}

func (s *Server) markRetrieved(id mailID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retrieved[id] = true
}

func (s *Server) wasRetrieved(id mailID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.retrieved[id]
}
