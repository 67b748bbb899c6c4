package fakeserver

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// TLSMode is how a server offers TLS.
type TLSMode int

const (
	Plain    TLSMode = iota // not at all
	StartTLS                // on request: STARTTLS, STLS
	Implicit                // from the first byte on
)

// Transport is how a server listens.
type Transport struct {
	TLS         TLSMode
	Certificate Certificate
	Address     string // empty: 127.0.0.1 and a free port
}

// Server is what the three servers share: a listener whose network can fail.
// All methods are safe for concurrent use.
type Server struct {
	world     *World
	transport Transport
	handle    func(*Conn)
	address   string
	handlers  sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener // nil while offline
	open     map[*meter]bool
	closed   bool
	stats    Stats
	fault    *Fault
	counted  int64 // bytes in the fault's direction since it was armed
	events   []Event
	lines    []Line
	watch    func(Line)
}

// New returns a server that does not listen yet, so that whoever builds on it
// is whole before the first client comes.
func New(w *World, t Transport) *Server {
	if t.Address == "" {
		t.Address = "127.0.0.1:0"
	}
	return &Server{world: w, transport: t, address: t.Address, open: map[*meter]bool{}}
}

// Serve listens and calls handle for each connection, in a goroutine of its
// own; the connection ends when handle returns.
func (s *Server) Serve(handle func(*Conn)) error {
	s.handle = handle
	return s.Online()
}

// Transport returns what the server was started with.
func (s *Server) Transport() Transport { return s.transport }

// World returns the world that the server serves.
func (s *Server) World() *World { return s.world }

// Addr returns host and port, also while the server is offline.
func (s *Server) Addr() string { return s.address }

// Host returns the host of Addr.
func (s *Server) Host() string {
	host, _, _ := net.SplitHostPort(s.address)
	return host
}

// Port returns the port of Addr.
func (s *Server) Port() int {
	var port int
	_, p, _ := net.SplitHostPort(s.address)
	fmt.Sscan(p, &port)
	return port
}

// Offline pulls the cable: open connections are reset and new ones refused.
func (s *Server) Offline() {
	s.mu.Lock()
	if s.listener != nil {
		s.listener.Close()
		s.listener = nil
	}
	s.mu.Unlock()
	s.resetAll()
}

// Online plugs the cable in again, on the same port. It fails only if another
// program has taken the port meanwhile.
func (s *Server) Online() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil || s.closed {
		return nil
	}
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return fmt.Errorf("the test server cannot listen: %w", err)
	}
	s.listener, s.address = l, l.Addr().String()
	s.handlers.Add(1)
	go s.accept(l)
	return nil
}

// Close ends all connections and waits until nothing runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.Offline()
	s.handlers.Wait()
}

func (s *Server) resetAll() {
	s.mu.Lock()
	var all []*meter
	for m := range s.open {
		all = append(all, m)
	}
	s.mu.Unlock()
	for _, m := range all {
		m.sever(RST, true)
	}
}

func (s *Server) accept(l net.Listener) {
	defer s.handlers.Done()
	for {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		m := &meter{TCPConn: nc.(*net.TCPConn), server: s, gone: make(chan struct{})}
		s.mu.Lock()
		if s.listener != l {
			s.mu.Unlock()
			m.sever(RST, true)
			continue
		}
		s.stats.Connections++
		m.id = s.stats.Connections
		s.open[m] = true
		s.handlers.Add(1)
		s.mu.Unlock()
		go s.run(m)
	}
}

func (s *Server) run(m *meter) {
	defer s.handlers.Done()
	c := newConn(s, m)
	if s.transport.TLS != Implicit || c.UpgradeTLS() == nil {
		s.handle(c)
		c.Flush()
	}
	c.close()
}

func (s *Server) forget(m *meter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, m)
}

// state of a meter.
const (
	alive   int32 = iota
	doomed        // no answer leaves; it is cut once the server has acted on what came
	stalled       // nothing passes, the socket stays
	dead          // nothing passes, the socket is gone or going
)

// meter is the socket under TLS. It counts, and it fails on cue.
type meter struct {
	*net.TCPConn
	server *Server
	id     int
	state  atomic.Int32
	deaf   atomic.Bool   // what was read but not yet handled counts as never arrived
	gone   chan struct{} // closed with the socket
	once   sync.Once
	drip   atomic.Pointer[Fault]
	doom   Failure // of a doomed one; written and read by the goroutine that reads
	spoke  bool    // bytes went out since some came in; under server.mu
	passed int64   // bytes of this connection in the fault's direction; under server.mu
}
