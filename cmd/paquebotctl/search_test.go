package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// search.db may go at any time; what it held is found again without a network.
func TestSearchFindsEverythingAfterItsIndexIsGone(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	s.add(v, "pop")
	s.want(0, "sync")
	for _, tail := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(s.dir, "search.db"+tail)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	var found messagesJSON
	s.json(&found, "--offline", "search", "ferry")
	if found.Total != 3 || found.Searched != 3 || found.NotSearchable != 0 {
		t.Errorf("%d found, %d searched, %d not", found.Total, found.Searched, found.NotSearchable)
	}
}

func TestHeadersDoNotCommandTheTerminal(t *testing.T) {
	header := "Subject: \x1b[31mred\x00\u009b2J\r\n\tgrün 日本\r\n"
	if got := harmless(header); strings.ContainsAny(got, "\x1b\x00\u009b") || !strings.HasSuffix(got, "\r\n\tgrün 日本\r\n") {
		t.Errorf("%q", got)
	}
}
