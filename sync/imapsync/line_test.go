package imapsync

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"paquebot.app/internal/fakeserver/cable"
)

// line leads to a server, counts what comes from it and can be pulled out after
// some bytes.
type line struct {
	port int

	mu   sync.Mutex
	down int64 // bytes that came from the server
	left int64 // until a connection breaks; 0: never
}

// newLine lays a line to a server; it ends with the test.
func newLine(t testing.TB, host string, port int) *line {
	l := &line{}
	l.port = cable.New(t, func() (string, cable.Take) {
		return net.JoinHostPort(host, strconv.Itoa(port)), l.take
	}).(*net.TCPAddr).Port
	return l
}

// take implements cable.Take.
func (l *line) take(fromServer bool, piece []byte) (arrive int, goesOn bool) {
	n := int64(len(piece))
	if !fromServer {
		return len(piece), true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	cut := l.left > 0 && n >= l.left
	if cut {
		n, l.left = l.left, 0
	} else if l.left > 0 {
		l.left -= n
	}
	l.down += n
	return int(n), !cut
}

// pullAfter breaks the connection once so many more bytes have come.
func (l *line) pullAfter(bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = bytes
}

// came returns how many bytes came since it was called last.
func (l *line) came() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.down
	l.down = 0
	return n
}
