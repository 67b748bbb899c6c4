package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/localstore"
)

func TestDoctorLooksAtEverything(t *testing.T) {
	s, v := newShell(t), startServers(t, 1)
	s.add(v, "imap")
	var report struct{ Findings []finding }
	s.json(&report, "doctor")
	seen := map[string]finding{}
	for _, f := range report.Findings {
		seen[f.What] = f
		if f.Text == "" || !f.OK && f.Advice == "" {
			t.Errorf("%+v says nothing, or not what to do", f)
		}
	}
	for _, what := range []string{"display", "fonts", "keyring", "clock", "disk", "certificates", "profile", "database"} {
		if seen[what].What == "" {
			t.Errorf("nothing about the %s", what)
		}
	}
	if !strings.HasSuffix(seen["disk"].Text, "free") {
		t.Errorf("%+v", seen["disk"])
	}
	store, err := localstore.Open(t.Context(), s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	release, err := store.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if r := s.want(0, "doctor"); !strings.Contains(r.out, "Another Paquebot is running") {
		t.Errorf("%s", r.out)
	}
}

func TestDoctorOnABadProfile(t *testing.T) {
	s := newShell(t)
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "mail.db"), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.run("", "doctor")
	if r.code != 74 || !strings.Contains(r.out, "disk") || !strings.Contains(r.out, "--profile") || !strings.Contains(r.out, "It is mail.db.") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
}

func TestRoom(t *testing.T) {
	for _, c := range []struct {
		free, needed int64
		ok           bool
	}{{1 << 40, 0, true}, {roomWanted, 0, true}, {roomWanted - 1, 0, false}, {1 << 30, 2 << 30, false}, {3 << 30, 2 << 30, true}} {
		if f := room(c.free, c.needed); f.OK != c.ok || (f.Advice == "") != c.ok {
			t.Errorf("%d free, %d needed: %+v", c.free, c.needed, f)
		}
	}
}
