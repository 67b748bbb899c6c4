// Package fakesmtp is a submission server (RFC 6409, 5321) for the users of a
// fakeserver.World.
//
// It guarantees that Accepted holds what it took responsibility for, in order
// and byte for byte, also where the client never heard of it: that is the
// truth against which "sent exactly once" is held. A recipient's local part
// (see Recipients) or a scenario makes it fail.
package fakesmtp

import (
	"slices"
	"sync"
	"time"

	"paquebot.app/internal/fakeserver"
)

// Options of a server. The zero value is plain TCP, demands AUTH, offers
// every extension and delivers nothing.
type Options struct {
	fakeserver.Transport
	// Hide names extensions that are neither announced nor obeyed: SIZE,
	// 8BITMIME, PIPELINING, SMTPUTF8, ENHANCEDSTATUSCODES, AUTH, STARTTLS.
	Hide []string
	// Mechanisms are those of AUTH: PLAIN, LOGIN, XOAUTH2, OAUTHBEARER; nil:
	// PLAIN and LOGIN. The access token of a user is the password.
	Mechanisms []string
	// Open takes mail without AUTH.
	Open bool
	// MaxSize is the largest letter in bytes, announced by SIZE; 0: 20 MiB.
	MaxSize int64
	// Deliver puts accepted letters into the INBOXes of those recipients who
	// are users of the World, with Return-Path and Received before them.
	Deliver bool
	// FileSent names a mailbox of the sender into which accepted letters are
	// put, as some providers do by themselves; empty: none.
	FileSent string
}

// Letter is what the server took responsibility for.
type Letter struct {
	Conn int       // over which connection
	At   time.Time // by the World's clock
	User string    // who signed in; "" where nobody had to
	From string    // without angle brackets
	To   []string  // the recipients that were accepted, in order
	Body string    // of BODY=: "7BIT", "8BITMIME" or ""
	UTF8 bool      // SMTPUTF8 was asked for
	Raw  []byte    // as it came, after dot-unstuffing
}

// Server is a running SMTP server.
type Server struct {
	*fakeserver.Server
	script  *fakeserver.Script
	options Options

	mu       sync.Mutex
	accepted []Letter
	met      map[string]bool // what happens the first time only has happened
	refused  map[string]bool // recipients that "per-rcpt-550" has chosen
}

// Serve starts a server for the users of w.
func Serve(w *fakeserver.World, o Options) (*Server, error) {
	if o.MaxSize == 0 {
		o.MaxSize = 20 << 20
	}
	if o.Mechanisms == nil {
		o.Mechanisms = []string{"PLAIN", "LOGIN"}
	}
	s := &Server{
		script: fakeserver.NewScript(scenarios), options: o,
		met: map[string]bool{}, refused: map[string]bool{},
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

// Accepted returns the letters in the order in which they were accepted.
func (s *Server) Accepted() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accepted)
}

// accept takes responsibility for a letter.
func (s *Server) accept(l Letter) {
	l.At = s.World().Clock().Now()
	s.mu.Lock()
	s.accepted = append(s.accepted, l)
	s.mu.Unlock()
	if u := s.World().User(l.User); u != nil && s.options.FileSent != "" {
		if sent := u.Mailbox(s.options.FileSent); sent != nil {
			sent.Append(l.Raw, l.At, `\Seen`)
		}
	}
	if !s.options.Deliver {
		return
	}
	head := "Return-Path: <" + l.From + ">\r\n" +
		"Received: by mail.demo.example with ESMTPA;\r\n\t" + l.At.Format(time.RFC1123Z) + "\r\n"
	for _, to := range l.To {
		if u := s.World().Recipient(to); u != nil {
			u.Deliver(append([]byte(head), l.Raw...), l.At)
		}
	}
}

// firstTime tells whether key is met for the first time.
func (s *Server) firstTime(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.met[key]
	s.met[key] = true
	return first
}

// refuses tells whether "per-rcpt-550" refuses an address: the one that is
// second in its letter, then and ever after.
func (s *Server) refuses(address string, second bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if second {
		s.refused[address] = true
	}
	return s.refused[address]
}
