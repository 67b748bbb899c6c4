package popsync

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fakeserver"
)

// said is a connection on which a server has said something.
type said struct {
	net.Conn
	io.Reader
}

func (s said) Read(p []byte) (int, error)  { return s.Reader.Read(p) }
func (s said) Write(p []byte) (int, error) { return len(p), nil }

// body returns what a multi-line answer brings, and what the library sees.
func body(answer io.Reader) (text, seen string, err error) {
	w := newWire(said{Reader: answer}, clock.NewFake(fakeserver.Epoch))
	var b bytes.Buffer
	w.asked = []io.Writer{&b}
	var all strings.Builder
	for buf := make([]byte, 7); ; {
		n, err := w.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			return b.String(), all.String(), err
		}
	}
}

func TestBodiesAreKeptExactly(t *testing.T) {
	long := strings.Repeat("x", 3*readAhead)
	for answer, want := range map[string]string{
		"+OK\r\n.\r\n":                                     "",
		"+OK 3\r\na\r\n.\r\n":                              "a\r\n",
		"+OK\r\n..\r\n.\r\n":                               ".\r\n",
		"+OK\r\n...\r\n..a\r\n.\r\n":                       "..\r\n.a\r\n",
		"+OK\r\na\nb\r\n.\r\n":                             "a\nb\r\n",
		"+OK\r\na\n.\r\nb\r\n.\r\n":                        "a\n.\r\nb\r\n",
		"+OK\r\na\r.\r\n\r\n.\r\n":                         "a\r.\r\n\r\n",
		"+OK\r\na\x00\xff\r\n.\r\n":                        "a\x00\xff\r\n",
		"+OK\n..a\nb\n.\n":                                 ".a\nb\n",
		"+OK\r\n" + long + "\r\n.\r\n":                     long + "\r\n",
		"+OK\r\n" + long[:readAhead-1] + "\r\n..\r\n.\r\n": long[:readAhead-1] + "\r\n.\r\n",
		"+OK\r\n" + long[:readAhead] + "\n..\r\n.\r\n":     long[:readAhead] + "\n..\r\n",
	} {
		for _, r := range []io.Reader{strings.NewReader(answer), iotest.OneByteReader(strings.NewReader(answer))} {
			text, seen, err := body(r)
			if status, _, _ := strings.Cut(answer, "\n"); text != want || seen != strings.TrimSuffix(status, "\r")+"\r\n.\r\n" || !errors.Is(err, errUnasked) {
				t.Errorf("%.60q: %.60q, the library sees %q, %v", answer, text, seen, err)
			}
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for answer, want := range map[string]error{
		"":                       io.ErrUnexpectedEOF,
		"+OK":                    io.ErrUnexpectedEOF,
		"+OK\r\na\r\n":           io.ErrUnexpectedEOF,
		"+OK\r\na\r\n.":          io.ErrUnexpectedEOF,
		"\r\n":                   errProtocol,
		"220 hello\r\n":          errProtocol,
		"* OK\r\n":               errProtocol,
		strings.Repeat("+", 1e5): errEndless,
	} {
		if _, _, err := body(strings.NewReader(answer)); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", answer, err, want)
		}
	}
}

// slow says a byte at a time, each a second later.
type slow struct {
	r     io.Reader
	clock *clock.Fake
}

func (s slow) Read(p []byte) (int, error) {
	s.clock.Advance(time.Second)
	return s.r.Read(p[:1])
}

func TestAnAnswerThatHardlyComes(t *testing.T) {
	hands := clock.NewFake(fakeserver.Epoch)
	text := "+OK\r\n" + strings.Repeat("word ", 100) + "\r\n.\r\n"
	w := newWire(said{Reader: slow{strings.NewReader(text), hands}}, hands)
	w.asked = []io.Writer{io.Discard}
	if _, err := io.ReadAll(w); !errors.Is(err, errTooSlow) {
		t.Errorf("%v", err)
	}
	if passed := hands.Now().Sub(fakeserver.Epoch); passed < paceTime || passed > 2*paceTime {
		t.Errorf("given up after %v", passed)
	}
}

// FuzzBody holds that what a server stuffs comes out as it went in, that it does
// not matter in which pieces it comes, and that nothing a server says makes the
// wire panic or the library see a body.
func FuzzBody(f *testing.F) {
	f.Add([]byte("a\r\n.\r\n..b\n.\r\n"), true)
	f.Add([]byte("+OK\r\n.a\r\n.\r\n"), false)
	f.Add([]byte("+OK\na\n\n.b\r\n.\r\nc\n.\n"), false)
	f.Fuzz(func(t *testing.T, in []byte, stuffed bool) {
		if !stuffed {
			text, seen, err := body(bytes.NewReader(in))
			if again, twice, other := body(iotest.OneByteReader(bytes.NewReader(in))); again != text || twice != seen || (other == nil) != (err == nil) {
				t.Errorf("%q: %q at once, %q byte by byte", in, text, again)
			}
			if len(seen) > 0 && strings.Count(seen, "\n") > 2 {
				t.Errorf("the library sees %q", seen)
			}
			return
		}
		mail := append(in, "\r\n"...)
		wire := bytes.ReplaceAll(append([]byte("\r\n"), mail...), []byte("\r\n."), []byte("\r\n.."))
		text, _, _ := body(io.MultiReader(strings.NewReader("+OK"), bytes.NewReader(wire), strings.NewReader(".\r\n")))
		if text != string(mail) {
			t.Errorf("%q came as %q", mail, text)
		}
	})
}

func TestListings(t *testing.T) {
	for name, c := range map[string]struct {
		stat       string
		list, uidl []string
		exact      bool
		mails      int
	}{
		"agree":           {"2 300", []string{"1 100", "2 200"}, []string{"1 a", "2 b"}, true, 2},
		"empty":           {"0 0", nil, nil, true, 0},
		"no STAT":         {"", []string{"1 100"}, []string{"1 a"}, false, 1},
		"STAT short":      {"1 100", []string{"1 100", "2 200"}, []string{"1 a", "2 b"}, false, 2},
		"STAT long":       {"3 300", []string{"1 100", "2 200"}, []string{"1 a", "2 b"}, false, 2},
		"negative":        {"-1 0", nil, nil, false, 0},
		"LIST short":      {"2 300", []string{"1 100"}, []string{"1 a", "2 b"}, false, 2},
		"UIDL short":      {"2 300", []string{"1 100", "2 200"}, []string{"1 a"}, false, 2},
		"LIST twice":      {"2 300", []string{"1 100", "1 100", "2 200"}, []string{"1 a", "2 b"}, false, 2},
		"number too big":  {"1 300", []string{"1 100", "9 9"}, []string{"1 a"}, false, 1},
		"blank line":      {"1 300", []string{"1 100", ""}, []string{"1 a"}, false, 1},
		"no id":           {"1 300", []string{"1 100"}, []string{"1"}, true, 1},
		"words for sizes": {"1 x", []string{"1 many"}, []string{"1 a"}, true, 1},
	} {
		l := listingOf(c.stat, c.list, c.uidl)
		if l.exact != c.exact || len(l.mails) != c.mails {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// listingOf reads the three answers.
func listingOf(stat string, list, uidl []string) listing {
	sizes, uidls := newColumn(mailSize), newColumn(usableUIDL)
	sizes.limit, uidls.limit = mostListed, mostListed
	for _, line := range list {
		io.WriteString(sizes, line+"\r\n")
	}
	for _, line := range uidl {
		io.WriteString(uidls, line+"\r\n")
	}
	return newListing(stat, sizes, uidls, true, true)
}

func FuzzListing(f *testing.F) {
	f.Add("2 300", "1 100\n2 200", "1 a\n2 b")
	f.Fuzz(func(t *testing.T, stat, list, uidl string) {
		l := listingOf(stat, strings.Split(list, "\n"), strings.Split(uidl, "\n"))
		last := 0
		for _, m := range l.mails {
			if m.number <= last || m.size < -1 || len(m.uidl) > uidlLimit {
				t.Errorf("%+v", m)
			}
			last = m.number
		}
		if l.exact && len(l.mails) != last {
			t.Errorf("exact with gaps: %+v", l)
		}
	})
}
