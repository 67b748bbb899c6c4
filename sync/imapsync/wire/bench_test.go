package wire

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// BenchmarkFetch shows what the Conn costs beside the library alone, for one
// FETCH of 10,000 messages.
func BenchmarkFetch(b *testing.B) {
	const n = 10_000
	kinds := []struct {
		name, items string
		options     imap.FetchOptions
	}{
		{"flags", "FLAGS (\\Seen $Forwarded) MODSEQ (123456)", imap.FetchOptions{Flags: true, ModSeq: true}},
		{"headers", "FLAGS (\\Seen) RFC822.SIZE 4321 INTERNALDATE \"12-Mar-2026 10:00:00 +0100\" BODY[HEADER.FIELDS (FROM TO SUBJECT)] {600}\r\n" + strings.Repeat("x", 600),
			imap.FetchOptions{Flags: true, RFC822Size: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"FROM", "TO", "SUBJECT"}}}}},
		{"bodies", "BODY[] {30000}\r\n" + strings.Repeat("x", 30_000), imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{{}}}},
	}
	for _, kind := range kinds {
		var sb strings.Builder
		for i := range n {
			fmt.Fprintf(&sb, "* %d FETCH (UID %d %s)\r\n", i+1, i+1, kind.items)
		}
		text := sb.String() + "T1 OK done\r\n"
		for _, layer := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/layer=%v", kind.name, layer), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					tp := newTape(text, 0)
					var nc net.Conn = tp
					if layer {
						nc = New(tp, Config{})
					}
					c := imapclient.New(nc, nil)
					f := c.Fetch(imap.UIDSet{{Start: 1, Stop: n}}, &kind.options)
					close(tp.gate)
					got := 0
					for m := f.Next(); m != nil; m = f.Next() {
						got++
					}
					if err := f.Close(); err != nil || got != n {
						b.Fatal(got, err)
					}
				}
			})
		}
	}
}
