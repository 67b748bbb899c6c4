package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
	"paquebot.app/internal/testmail"
)

// peak syncs as a process of its own and returns the most memory it had, in
// MiB.
func (s *shell) peak() int {
	s.Helper()
	file := filepath.Join(s.TempDir(), "status")
	cmd := s.child("sync")
	cmd.Env = append(cmd.Env, childStatus+"="+file, fmt.Sprintf("GOGC=%d", gcPercent)) // as main has it
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("sync: %v\n%s", err, out)
	}
	status, err := os.ReadFile(file)
	if err != nil {
		s.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(after + " ?")[0])
	if err != nil {
		s.Fatal(err)
	}
	return kib >> 10
}

// TestMemoryStaysFlatWhateverComes holds the memory of an IMAP sync that finds
// nothing against that of one of many small mails, 10,000 with
// PAQUEBOT_TORTURE=1, and that, with POP too, against the same with one of 38 MiB
// among them.
func TestMemoryStaysFlatWhateverComes(t *testing.T) {
	t.Parallel()
	const size, allowed, arriving = 38, 10 * detector, 40 * detector // MiB
	small := 500
	if os.Getenv("PAQUEBOT_TORTURE") != "" {
		small = 10_000
	}
	server := realserver.Dovecot(t, realserver.Options{Users: 3})
	head := "From: far@away.example\r\nSubject: film\r\nMessage-ID: <film@away.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("film"), 14)) + "\r\n"
	var raws [][]byte
	for _, m := range testmail.Generate(testmail.Options{N: small, Seed: 5}) {
		raws = append(raws, m.Raw)
	}
	film := []byte(head + strings.Repeat(line, size<<20/len(line)) + "--b--\r\n")
	server.Append(t, "user1", "INBOX", "", clock.System.Now(), raws...)
	server.Append(t, "user2", "INBOX", "", clock.System.Now(), slices.Insert(slices.Clone(raws), small/2, film)...)
	mails := map[string]int{"user1": small, "user2": small + 1, "user3": 0}
	for _, way := range []user{
		{mode: "imap", incoming: server.Addr(server.IMAP), tls: "plain", more: []string{"--policy", "all"}},
		{mode: "pop", incoming: server.Addr(server.POP3), tls: "plain", more: []string{"--pop-delete", "now"}},
	} {
		t.Run(way.mode, func(t *testing.T) {
			peaks := map[string]int{}
			for name, want := range mails {
				s := newShell(t)
				u := way
				u.name = name
				s.join(server, nil, u)
				peaks[name] = s.peak()
				if n := len(s.stored(name)); n != want {
					t.Errorf("%d mails are here", n)
				}
			}
			t.Logf("at most %d MiB with nothing to do, %d with %d mails, %d with the large one", peaks["user3"], peaks["user1"], small, peaks["user2"])
			if way.mode == "imap" && peaks["user1"] > peaks["user3"]+arriving {
				t.Errorf("a sync takes %d MiB of memory, with %d mails that arrive %d", peaks["user3"], small, peaks["user1"])
			}
			if peaks["user2"] > peaks["user1"]+allowed {
				t.Errorf("%d mails take %d MiB of memory, with one of %d MiB among them they take %d", small, peaks["user1"], size, peaks["user2"])
			}
		})
	}
}
