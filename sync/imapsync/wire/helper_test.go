package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const greeting = "* OK [CAPABILITY IMAP4rev1 LITERAL+ ENABLE IDLE] hello\r\n"

// tape is a server that listens to nobody: it greets, and once released says
// what is on it, chunk bytes at a time.
type tape struct {
	r       io.Reader
	chunk   int
	gate    chan struct{}
	greeted bool
	mu      sync.Mutex
	written []byte
}

func newTape(text string, chunk int) *tape {
	return &tape{r: io.MultiReader(strings.NewReader(greeting), strings.NewReader(text)), chunk: chunk, gate: make(chan struct{})}
}

func (t *tape) Read(p []byte) (int, error) {
	if t.greeted {
		<-t.gate
		if t.chunk > 0 {
			p = p[:min(len(p), t.chunk)]
		}
	}
	t.greeted = true
	return t.r.Read(p)
}

func (t *tape) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written = append(t.written, p...)
	return len(p), nil
}

func (t *tape) Close() error                     { return nil }
func (t *tape) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (t *tape) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (t *tape) SetDeadline(time.Time) error      { return nil }
func (t *tape) SetReadDeadline(time.Time) error  { return nil }
func (t *tape) SetWriteDeadline(time.Time) error { return nil }

// recorder keeps events.
type recorder struct {
	mu     sync.Mutex
	events []Event
}

func (r *recorder) tell(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *recorder) all() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// only returns the events of one type.
func only[E Event](events []Event) []E {
	var es []E
	for _, e := range events {
		if e, ok := e.(E); ok {
			es = append(es, e)
		}
	}
	return es
}

// scripted is a server that answers each command by a function of the test.
type scripted struct {
	t    *testing.T
	nc   net.Conn
	in   []byte
	log  []string // lines received
	stop chan struct{}
}

// dial returns the library on a Conn over a scripted server. serve runs in its
// own goroutine; when it returns the server closes.
func dial(t *testing.T, cfg Config, serve func(*scripted)) (*imapclient.Client, *Conn, *recorder) {
	t.Helper()
	near, far := loopback(t)
	rec := &recorder{}
	cfg.Events = rec.tell
	s := &scripted{t: t, nc: far, stop: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer far.Close()
		serve(s)
	}()
	w := New(near, cfg)
	client := imapclient.New(w, nil)
	t.Cleanup(func() {
		close(s.stop)
		client.Close()
		far.Close()
		<-done
	})
	return client, w, rec
}

// loopback returns both ends of a TCP connection, which unlike net.Pipe takes
// what nobody reads yet.
func loopback(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return near, far
}

// line returns the next line the client sent, "" at its end.
func (s *scripted) line() string {
	for {
		if i := strings.IndexByte(string(s.in), '\n'); i >= 0 {
			line := strings.TrimRight(string(s.in[:i]), "\r\n")
			s.in = s.in[i+1:]
			s.log = append(s.log, line)
			return line
		}
		b := make([]byte, 4096)
		n, err := s.nc.Read(b)
		s.in = append(s.in, b[:n]...)
		if err != nil {
			return ""
		}
	}
}

// command returns the next command as tag and the rest.
func (s *scripted) command() (tag, rest string) {
	tag, rest, _ = strings.Cut(s.line(), " ")
	return tag, rest
}

// say writes text; TAG stands for the tag.
func (s *scripted) say(tag, text string) {
	io.WriteString(s.nc, strings.ReplaceAll(text, "TAG", tag))
}

// hang waits until the test is over.
func (s *scripted) hang() { <-s.stop }

// answer greets and then answers each command whose beginning (without UID) is
// a key of replies, and all others with OK.
func answer(replies map[string]string) func(*scripted) {
	return func(s *scripted) {
		s.say("", greeting)
		for {
			tag, rest := s.command()
			if tag == "" {
				return
			}
			reply := "TAG OK done\r\n"
			for prefix, text := range replies {
				if strings.HasPrefix(rest, prefix) {
					reply = text
				}
			}
			s.say(tag, reply)
		}
	}
}

// collect fetches these UIDs and returns what came.
func collect(c *imapclient.Client, set imap.NumSet, options *imap.FetchOptions) ([]*imapclient.FetchMessageBuffer, error) {
	return c.Fetch(set, options).Collect()
}

var allUIDs = imap.UIDSet{{Start: 1, Stop: 0}}

// alive fails the test unless the connection still answers.
func alive(t *testing.T, c *imapclient.Client, w *Conn) {
	t.Helper()
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("the connection died: %v (cause: %v)", err, w.Err())
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func newReader(b []byte) *bufio.Reader { return bufio.NewReaderSize(bytes.NewReader(b), 64) }

// dump writes v with what its pointers point to, but without channels, for
// comparing.
func dump(sb *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Invalid:
		sb.WriteString("-")
	case reflect.Pointer, reflect.Interface:
		dump(sb, v.Elem())
	case reflect.Struct:
		sb.WriteString("{")
		for i := range v.NumField() {
			dump(sb, v.Field(i))
			sb.WriteString(" ")
		}
		sb.WriteString("}")
	case reflect.Slice, reflect.Array:
		sb.WriteString("[")
		for i := range v.Len() {
			dump(sb, v.Index(i))
			sb.WriteString(" ")
		}
		sb.WriteString("]")
	default:
		fmt.Fprint(sb, v)
	}
}
