package main

import (
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

func TestRenderDrawsFilesWithoutAProfile(t *testing.T) {
	dir := t.TempDir()
	mail := filepath.Join(dir, "mail.eml")
	raw := "From: a@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		`<p style="color:#ff0000">Hello <a href="https://example.com/">there</a></p><img src="https://example.com/p.png" width="10" height="10">`
	if err := os.WriteFile(mail, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	words, picture := filepath.Join(dir, "w.json"), filepath.Join(dir, "p.png")
	s := newShell(t)
	var got rendered
	s.json(&got, "render", mail, "--width", "300", "--words", words, "--png", picture)
	if got.Words != 2 || got.Links != 1 || len(got.Remote) != 1 || got.Height < 30 {
		t.Errorf("%+v", got)
	}
	var page struct {
		H float64
		W [][]any
	}
	data, err := os.ReadFile(words)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.W) != 2 || page.W[0][0] != "Hello" || page.W[0][5] != "rgb(255, 0, 0)" || page.W[0][6] != 16.0 || page.H != float64(got.Height) {
		t.Errorf("%v", page)
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Dx() != 300 {
		t.Errorf("%v, %v", err, img.Bounds())
	}
	s.want(fault.ExitDisk, "render", mail, "--png", picture) // a file that exists is never overwritten
}

func TestRenderShowsTextAndRefusesNonsense(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "deep.html")
	if err := os.WriteFile(deep, []byte(strings.Repeat("<div>", 700)+"words here"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newShell(t)
	if r := s.want(0, "render", deep); !strings.HasPrefix(r.out, "2 words") {
		t.Errorf("%s", r.out)
	}
	for _, args := range [][]string{{"render"}, {"render", deep, "--width", "1"}, {"render", deep, "--zoom", "9999"}, {"render", "no-such"}} {
		s.want(fault.ExitUsage, args...)
	}
	s.want(fault.ExitMissing, "render", filepath.Join(dir, "none.html"))
}
