package wire

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
)

// deflated returns text as a stream that is flushed and not ended.
func deflated(t *testing.T, w *flate.Writer, into *bytes.Buffer, text string) []byte {
	t.Helper()
	into.Reset()
	if _, err := io.WriteString(w, text); err != nil {
		t.Error(err)
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	return bytes.Clone(into.Bytes())
}

// compressing is a server that takes COMPRESS and sends at once behind its
// answer, in one piece with it.
func compressing(t *testing.T, atOnce string, serve func(say func(string), line func() string)) func(*scripted) {
	return func(s *scripted) {
		s.say("", greeting)
		tag, rest := s.command()
		if rest != "COMPRESS DEFLATE" {
			t.Errorf("%q", rest)
		}
		var buffer bytes.Buffer
		w, err := flate.NewWriter(&buffer, flate.BestSpeed)
		if err != nil {
			t.Error(err)
			return
		}
		first := append([]byte(tag+" OK DEFLATE active\r\n"), deflated(t, w, &buffer, atOnce)...)
		if _, err := s.nc.Write(first); err != nil {
			return
		}
		up := flate.NewReader(io.MultiReader(bytes.NewReader(s.in), s.nc))
		line := func() string {
			var b []byte
			one := make([]byte, 1)
			for {
				if n, err := up.Read(one); n == 1 {
					b = append(b, one[0])
				} else if err != nil {
					return ""
				}
				if strings.HasSuffix(string(b), "\r\n") {
					return strings.TrimSpace(string(b))
				}
			}
		}
		serve(func(text string) { _, _ = s.nc.Write(deflated(t, w, &buffer, text)) }, line)
	}
}

func TestCompress(t *testing.T) {
	body := strings.Repeat("The same line again and again.\r\n", 5000)
	c, w, rec := dial(t, Config{}, compressing(t, "* OK [ALERT] compressed from the first byte\r\n", func(say func(string), line func() string) {
		for {
			tag, rest, _ := strings.Cut(line(), " ")
			switch {
			case tag == "":
				return
			case strings.HasPrefix(rest, "UID FETCH"):
				say(fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n%s OK done\r\n", len(body), body, tag))
			default:
				say(tag + " OK done\r\n")
			}
		}
	}))
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	if err := w.Compress(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Compress(t.Context()); err == nil {
		t.Error("compressed twice")
	}
	ms, err := collect(c, imap.UIDSetNum(1), wholeBody)
	if err != nil || len(ms) != 1 || string(ms[0].BodySection[0].Bytes) != body {
		t.Errorf("%d messages, %v", len(ms), err)
	}
	alive(t, c, w)
	if alerts := only[Alert](rec.all()); len(alerts) != 1 {
		t.Errorf("%+v", rec.all())
	}
	if s := w.Stats(); s.Down > int64(len(body))/10 {
		t.Errorf("%d bytes came for %d", s.Down, len(body))
	}
}

func TestCompressRefused(t *testing.T) {
	c, w, _ := dial(t, Config{}, answer(map[string]string{"COMPRESS": "TAG NO [COMPRESSIONACTIVE] no\r\n"}))
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	var no *imap.Error
	if err := w.Compress(t.Context()); !errors.As(err, &no) {
		t.Error(err)
	}
	alive(t, c, w)
}

// TestCompressGoesAlone: nothing may be under way when the bytes change.
func TestCompressGoesAlone(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) { s.say("", greeting); s.command(); s.hang() })
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	c.Noop()
	wantErr(t, w.Compress(t.Context()), errInFlight)
}

// TestCompressThatIsGivenUp: nobody knows what the next byte means.
func TestCompressThatIsGivenUp(t *testing.T) {
	c, w, _ := dial(t, Config{}, func(s *scripted) { s.say("", greeting); s.command(); s.hang() })
	if err := c.WaitGreeting(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Compress(ctx); !errors.Is(err, context.Canceled) || w.Err() == nil {
		t.Errorf("%v, %v", err, w.Err())
	}
}

// TestCompressedBomb: a little that unfolds to a lot meets the same limits.
func TestCompressedBomb(t *testing.T) {
	for name, bomb := range map[string]string{
		"unasked": strings.Repeat("* OK and on\r\n", 1<<20),
		"a line":  "* 1 FETCH (" + strings.Repeat(" ", 32<<20),
	} {
		t.Run(name, func(t *testing.T) {
			c, w, _ := dial(t, Config{}, compressing(t, bomb, func(func(string), func() string) {}))
			if err := c.WaitGreeting(); err != nil {
				t.Fatal(err)
			}
			if err := w.Compress(t.Context()); err != nil {
				t.Log(err) // it may be over already
			}
			<-c.Closed()
			var limit *LimitError
			if !errors.As(w.Err(), &limit) {
				t.Error(w.Err())
			}
		})
	}
}
