package fakeserver

import "fmt"

// Event is a sin of a client against the protocol, noticed by a server.
type Event struct {
	Conn   int    // which connection, counted from 1
	Name   string // such as PASSWORD-IN-CLEAR
	Detail string // the line it was noticed in
}

// String returns the event on one line.
func (e Event) String() string { return fmt.Sprintf("%d %s %q", e.Conn, e.Name, e.Detail) }

// Line is a line of the transcript. Mail and other data stand in it as
// "{n octets}".
type Line struct {
	Conn   int
	Client bool // said by the client
	Text   string
}

// String returns the line as "1 C: NOOP" or "1 S: +OK".
func (l Line) String() string {
	who := "S"
	if l.Client {
		who = "C"
	}
	return fmt.Sprintf("%d %s: %s", l.Conn, who, l.Text)
}

// Stats counts what went over a server's sockets, TLS and all.
type Stats struct {
	Connections int
	In, Out     int64 // bytes from and to the clients
	// Turns is how often a client spoke after it had heard from the server:
	// the number of round trips that a connection cost after its greeting.
	Turns int
}

// Events returns the sins committed since the server was started.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Event(nil), s.events...)
}

// Transcript returns every line said since the server was started.
func (s *Server) Transcript() []Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Line(nil), s.lines...)
}

// Stats returns the counts since the server was started.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Watch calls f with each line of the transcript as it is said: a client's
// line before the server acts on it, the server's own before it is sent. f may
// change the World or pull the cable at exactly that moment; it must not Close
// the server.
func (s *Server) Watch(f func(Line)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watch = f
}

func (s *Server) note(l Line) {
	s.mu.Lock()
	s.lines = append(s.lines, l)
	watch := s.watch
	s.mu.Unlock()
	if watch != nil {
		watch(l)
	}
}
