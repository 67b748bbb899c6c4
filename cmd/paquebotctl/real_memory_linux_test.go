package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
)

// peak syncs as a process of its own and returns the most memory it had, in
// MiB.
func (s *shell) peak() int {
	s.Helper()
	file := filepath.Join(s.TempDir(), "status")
	cmd := s.child("sync")
	cmd.Env = append(cmd.Env, childStatus+"="+file)
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

// TestMemoryStaysFlatWhateverAMailWeighs holds the memory of a sync that brings
// one mail of 38 MiB against that of one that brings a fifth of it.
func TestMemoryStaysFlatWhateverAMailWeighs(t *testing.T) {
	t.Parallel()
	sizes, allowed := map[string]int{"user1": 8, "user2": 38}, 12 // MiB
	server := realserver.Dovecot(t, realserver.Options{Users: 2})
	head := "From: far@away.example\r\nSubject: film\r\nMessage-ID: <film@away.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("film"), 14)) + "\r\n"
	for name, size := range sizes {
		server.Append(t, name, "INBOX", "", clock.System.Now(), []byte(head+strings.Repeat(line, size<<20/len(line))+"--b--\r\n"))
	}
	for _, way := range []user{
		{mode: "imap", incoming: server.Addr(server.IMAP), tls: "plain", more: []string{"--policy", "all"}},
		{mode: "pop", incoming: server.Addr(server.POP3), tls: "plain", more: []string{"--pop-delete", "now"}},
	} {
		t.Run(way.mode, func(t *testing.T) {
			peaks := map[string]int{}
			for name := range sizes {
				s := newShell(t)
				u := way
				u.name = name
				s.join(server, nil, u)
				peaks[name] = s.peak()
				if n := len(s.stored(name)); n != 1 {
					t.Errorf("%d mails are here", n)
				}
			}
			t.Logf("at most %d MiB with the small one, %d with the large one", peaks["user1"], peaks["user2"])
			if peaks["user2"] > peaks["user1"]+allowed {
				t.Errorf("a mail of %d MiB takes %d MiB of memory, one of %d takes %d", sizes["user2"], peaks["user2"], sizes["user1"], peaks["user1"])
			}
		})
	}
}
