package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/localstore"
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

// What is here and waits for the process that indexes is not called headers.
func TestSearchSaysWhatIsNotIndexedYet(t *testing.T) {
	s, v := newShell(t), startServers(t, 3)
	s.add(v, "pop")
	s.want(0, "sync")
	for _, tail := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(s.dir, "search.db"+tail)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	other, err := localstore.Open(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	release, err := other.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if r := s.want(0, "search", "ferry"); !strings.Contains(r.err, "of 0 more only the headers are here, and 3 are here and not indexed yet") {
		t.Errorf("said %q", r.err)
	}
}

// Mail is here before all of it is searchable: the first search does the rest.
func TestSyncLeavesALargeIndexToTheFirstSearch(t *testing.T) {
	s, v := newShell(t), startServers(t, indexedAtOnce+10)
	s.add(v, "pop", "--pop-delete", "never")
	if r := s.want(0, "sync"); !strings.Contains(r.err, "510 messages are here and not indexed yet") {
		t.Errorf("sync said %q", r.err)
	}
	if r := s.want(0, "search", "ferry"); !strings.Contains(r.err, "making 510 messages searchable first") ||
		!strings.Contains(r.err, "searched 510 messages here") {
		t.Errorf("search said %q", r.err)
	}
}
