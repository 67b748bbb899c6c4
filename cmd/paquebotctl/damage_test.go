package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// damaged returns a profile with two mails, and spoils the page of bodies.db that
// holds their bytes.
func damaged(t *testing.T) *shell {
	t.Helper()
	s := newShell(t)
	s.add(startServers(t, 2), "pop")
	s.want(0, "sync")
	s.want(0, "search", "ferry")
	spoil(t, filepath.Join(s.dir, "bodies.db"), "The ferry leaves")
	return s
}

// spoil writes over the page of a database that holds a text (file format:
// https://www.sqlite.org/fileformat.html#the_database_header, offset 16).
func spoil(t *testing.T, path, text string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := int(b[16])<<8 | int(b[17])
	at := bytes.Index(b, []byte(text))
	if at < 0 || page < 512 {
		t.Fatalf("%q is not in %s, of pages of %d bytes", text, path, page)
	}
	start := at / page * page
	copy(b[start:], slices.Repeat([]byte{0xff}, page))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedMailIsNeverShownAsEmpty(t *testing.T) {
	s := damaged(t)
	for _, how := range []string{"--text", "--html", "--headers", "--raw", "--part=1", "--json"} {
		r := s.want(74, "show", "1", how)
		if !strings.Contains(r.err, "damaged") || strings.Contains(r.out, "whole") {
			t.Errorf("%s: %s%s", how, r.out, r.err)
		}
	}
}

func TestDoctorNamesADamagedFile(t *testing.T) {
	s := damaged(t)
	if r := s.run("", "doctor"); r.code != 74 || !strings.Contains(r.out, "The file bodies.db of this profile is damaged") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	s = newShell(t)
	s.add(startServers(t, 2), "pop")
	s.want(0, "sync")
	spoil(t, filepath.Join(s.dir, "mail.db"), "harbour 1")
	if r := s.run("", "doctor"); r.code != 74 || !strings.Contains(r.out, "mail.db") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
}

func TestVerifyReportsWhateverItMeets(t *testing.T) {
	s := damaged(t)
	if r := s.want(74, "verify"); !strings.Contains(r.out, "bodies.db") {
		t.Errorf("%s%s", r.out, r.err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "mail.db"), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.want(74, "verify", "--json")
	var report struct{ Damaged []damageJSON }
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || len(report.Damaged) == 0 {
		t.Errorf("%v\n%s", err, r.out)
	}
}

func TestShowSaysWhatIsWrongWithWhatWasAsked(t *testing.T) {
	s := newShell(t)
	s.add(startServers(t, 1), "pop")
	s.want(0, "sync")
	if r := s.want(64, "show", "1", "--raw", "--text"); !strings.Contains(r.err, "show prints one thing") {
		t.Errorf("%s", r.err)
	}
	if r := s.want(66, "show", "1", "--part", "99"); !strings.Contains(r.err, "The message has no part 99.") || strings.Contains(r.err, "output") {
		t.Errorf("%s", r.err)
	}
	file := filepath.Join(t.TempDir(), "part")
	s.want(66, "show", "1", "--part", "99", "-o", file)
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was left behind")
	}
}
