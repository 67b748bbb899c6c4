package desk

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// tool puts a program of a name in the place of those of the desktop.
func tool(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+"/bin"+string(os.PathListSeparator)+"/usr/bin")
	t.Setenv("DISPLAY", ":0")
	t.Setenv("WAYLAND_DISPLAY", "")
}

func TestClipboardPicture(t *testing.T) {
	const png = `printf '\211PNG\r\n\032\n%s' boat`
	for name, c := range map[string]struct {
		tool, script, want string
	}{
		"a picture":         {"xclip", `[ "$4" = image/png ] && ` + png, "\x89PNG\r\n\x1a\nboat"},
		"text":              {"xclip", "echo text", ""},
		"nothing":           {"xclip", "exit 1", ""},
		"begun, then wrong": {"xclip", png + "; exit 1", ""},
		"endless":           {"xclip", png + "; cat /dev/zero", ""},
		"no tool":           {"other", png, ""},
	} {
		tool(t, c.tool, c.script)
		if got := ClipboardPicture(t.Context()); string(got) != c.want {
			t.Errorf("%s: %.40q", name, got)
		}
	}
}

func TestWaylandIsAskedFirst(t *testing.T) {
	tool(t, "wl-paste", `printf '\211PNG\r\n\032\nwl'`)
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if got := ClipboardPicture(t.Context()); string(got) != "\x89PNG\r\n\x1a\nwl" {
		t.Errorf("%q", got)
	}
}

// TestAToolThatHangsIsLeft: whoever owns the clipboard may never answer.
func TestAToolThatHangsIsLeft(t *testing.T) {
	tool(t, "xclip", "exec sleep 600")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan []byte)
	go func() { done <- ClipboardPicture(ctx) }()
	cancel()
	if got := <-done; got != nil {
		t.Errorf("%q", got)
	}
}
