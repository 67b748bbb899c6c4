package ui

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"paquebot.app/ui/kit"
	"paquebot.app/ui/vm"
)

// opener is an application whose system opens nothing but remembers.
type opener struct {
	fyne.App
	opened []*url.URL
}

func (o *opener) OpenURL(u *url.URL) error {
	o.opened = append(o.opened, u)
	return nil
}

const letterWithFiles = "From: Ann <ann@example.net>\r\nTo: robin@example.net\r\nSubject: Files\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere.\r\n" +
	"--b\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n%PDF-1\r\n" +
	"--b\r\nContent-Type: application/pdf; name=run.sh\r\nContent-Disposition: attachment; filename=run.sh\r\n\r\n#!/bin/sh\r\n--b--\r\n"

func openFiles(t *testing.T) (*shownWindow, *opener) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.Mkdir(filepath.Join(home, "Downloads"), 0o700); err != nil {
		t.Fatal(err)
	}
	o := &opener{}
	w := openWindow(t, profile(t, 1, letterWithFiles), func(c *Config) { o.App = c.App; c.App = o })
	w.selectRow(0)
	w.until(func() bool { return w.reader.State() == vm.Readable })
	if n := len(w.reader.Letter().Attachments); n != 2 {
		t.Fatalf("%d attachments", n)
	}
	return w, o
}

func TestADocumentOpensFromACopyThatIsGoneInTheEnd(t *testing.T) {
	w, o := openFiles(t)
	w.openFile(w.reader.Letter().Attachments[0])
	w.until(func() bool { return len(o.opened) == 1 })
	path := o.opened[0].Path
	if text, err := os.ReadFile(path); o.opened[0].Scheme != "file" || filepath.Base(path) != "plan.pdf" || string(text) != "%PDF-1" {
		t.Errorf("%v holds %q, %v", o.opened[0], text, err)
	}
	w.Close()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the copy stays: %v", err)
	}
}

func TestAScriptIsSavedAndNotOpened(t *testing.T) {
	w, o := openFiles(t)
	w.openFile(w.reader.Letter().Attachments[1])
	path := filepath.Join(downloads(), "run.sh")
	w.until(func() bool { _, err := os.Stat(path); return err == nil && len(o.opened) == 0 })
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o111 != 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestSaveAsTakesANameAndCleansIt(t *testing.T) {
	w, _ := openFiles(t)
	a := w.reader.Letter().Attachments[0]
	w.saveFileAs(a.Section, a.Name)
	entry, ok := w.window.Canvas().Focused().(*kit.Entry)
	if !ok || entry.Text != "plan.pdf" {
		t.Fatalf("the keyboard is on %v", w.window.Canvas().Focused())
	}
	entry.SetText("")
	entry.OnSubmitted("")
	if w.panel.close == nil {
		t.Fatal("saved without a name")
	}
	entry.SetText("../my plan.pdf")
	test.Type(entry, "")
	entry.OnSubmitted("")
	w.until(func() bool { _, err := os.Stat(filepath.Join(downloads(), "my plan.pdf")); return err == nil })
}
