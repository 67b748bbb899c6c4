package fakeserver

import (
	"io"
	"time"
)

// Direction is which way bytes go.
type Direction int

const (
	ToClient Direction = iota
	FromClient
)

// Failure is what happens to a connection.
type Failure int

const (
	FIN   Failure = iota // closed in good order, as by a server that goes down
	RST                  // reset; the client may lose what it has not read yet
	Stall                // silence; the socket stays open until the client gives up
	Drip                 // from here on single bytes, Pace apart
)

// Fault is a failure of the network after a counted number of bytes.
//
// Bytes are those on the socket (under TLS: of TLS), and are counted over all
// connections from the moment the fault is armed. Exactly After bytes pass.
// A cut FromClient leaves the server with what had arrived: it acts on
// complete commands, nobody hears its answers, and the client sees the end
// when the server has done so. A cut ToClient ends the server's work at once,
// and what it had read ahead counts as never arrived.
type Fault struct {
	Direction Direction
	After     int64
	Failure   Failure
	// Each makes the fault strike every connection, counting its own bytes;
	// otherwise it strikes once and the network is well again.
	Each bool
	Pace time.Duration // of Drip, by the World's clock; 0 does not wait
}

// Fail arms a fault in place of any other.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.counted = &f, 0
	for m := range s.open {
		m.passed = 0
	}
}

// Heal disarms the fault and tells whether one was still armed, that is,
// whether a fault that is not Each never struck.
func (s *Server) Heal() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	armed := s.fault != nil
	s.fault = nil
	return armed
}

// account counts n bytes and returns how many of them pass, and the fault
// that strikes after those.
func (s *Server) account(m *meter, d Direction, n int) (int, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pass, strikes := n, (*Fault)(nil)
	if f := s.fault; f != nil && f.Direction == d && n > 0 {
		before := s.counted
		if f.Each {
			before = m.passed
		}
		if before+int64(n) >= f.After {
			pass, strikes = int(max(f.After-before, 0)), f
			if !f.Each {
				s.fault = nil
			}
		}
		s.counted += int64(pass)
		m.passed += int64(pass)
	}
	switch {
	case pass == 0:
	case d == FromClient:
		s.stats.In += int64(pass)
		if m.spoke {
			s.stats.Turns++
		}
		m.spoke = false
	default:
		s.stats.Out += int64(pass)
		m.spoke = true
	}
	return pass, strikes
}

// Read is the socket's, until the fault strikes.
func (m *meter) Read(p []byte) (int, error) {
	switch m.state.Load() {
	case doomed:
		m.sever(m.doom, false)
		return 0, io.EOF
	case stalled:
		return 0, m.drain()
	case dead:
		return 0, io.EOF
	}
	n, err := m.TCPConn.Read(p)
	pass, f := m.server.account(m, FromClient, n)
	if f != nil {
		m.strike(f)
		if pass == 0 {
			return m.Read(p)
		}
		return pass, nil
	}
	return n, err
}

// Write is the socket's. On a dead connection it succeeds, as it does for a
// server whose last packets are lost.
func (m *meter) Write(p []byte) (int, error) {
	if m.drip.Load() != nil {
		return m.writeSlowly(p)
	}
	switch m.state.Load() {
	case stalled:
		m.drain()
		return len(p), nil
	case doomed, dead:
		return len(p), nil
	}
	pass, f := m.server.account(m, ToClient, len(p))
	if _, err := m.TCPConn.Write(p[:pass]); err != nil {
		return 0, err
	}
	if f != nil {
		m.strike(f)
		if rest := p[pass:]; f.Failure == Drip && len(rest) > 0 {
			m.writeSlowly(rest)
		}
	}
	return len(p), nil
}

func (m *meter) writeSlowly(p []byte) (int, error) {
	f := m.drip.Load()
	for i := range p {
		if f.Pace > 0 {
			select {
			case <-m.server.world.clock.After(f.Pace):
			case <-m.gone:
			}
		}
		if m.state.Load() != alive {
			break
		}
		m.server.account(m, ToClient, 1)
		if _, err := m.TCPConn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

func (m *meter) strike(f *Fault) {
	switch f.Failure {
	case Stall:
		m.state.Store(stalled)
	case Drip:
		m.drip.Store(f)
	default:
		if f.Direction == ToClient {
			m.sever(f.Failure, true)
			return
		}
		m.doom = f.Failure
		m.state.CompareAndSwap(alive, doomed)
	}
}

// sever ends the connection. After a FIN the socket is kept until the client
// has closed it too: closing it earlier would turn the FIN into a reset.
func (m *meter) sever(how Failure, deaf bool) {
	if deaf {
		m.deaf.Store(true)
	}
	if m.state.Swap(dead) != dead && how == FIN {
		m.TCPConn.CloseWrite()
		m.server.handlers.Add(1)
		go func() {
			defer m.server.handlers.Done()
			m.drain()
			m.shut()
		}()
		return
	}
	if how == RST {
		m.TCPConn.SetLinger(0)
		m.shut()
	}
}

// drain throws away what the client says until it is gone.
func (m *meter) drain() error {
	_, err := io.Copy(io.Discard, m.TCPConn)
	if err == nil {
		err = io.EOF
	}
	return err
}

// shut closes the socket.
func (m *meter) shut() {
	m.once.Do(func() {
		close(m.gone)
		m.TCPConn.Close()
		m.server.forget(m)
	})
}

// Close ends the connection in good order; it is what TLS calls.
func (m *meter) Close() error {
	if m.state.Load() != dead {
		m.state.Store(dead)
		m.shut()
	}
	return nil
}
