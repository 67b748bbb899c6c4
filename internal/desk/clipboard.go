// Package desk speaks with the desktop where the window's toolkit does not.
//
// It guarantees that a desktop without what is asked for is no error, that
// nothing it reads is without bounds, and that it waits for other programs no
// longer than its caller's context.
package desk

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
)

// mostPicture is how many bytes a picture in the clipboard may have.
const mostPicture = 20 << 20

// pictureTools print the picture in the clipboard as PNG, where they are
// installed: the clipboard of a Wayland session, that of X.
var pictureTools = []struct {
	display string // the environment variable of its desktop
	args    []string
}{
	{"WAYLAND_DISPLAY", []string{"wl-paste", "--no-newline", "--type", "image/png"}},
	{"DISPLAY", []string{"xclip", "-selection", "clipboard", "-target", "image/png", "-out"}},
}

var pngMark = []byte("\x89PNG\r\n\x1a\n")

// ClipboardPicture returns the picture in the clipboard as PNG, nil where there
// is none or none can be had. It asks other programs: never call it on the
// goroutine of the window, which may own the clipboard itself.
func ClipboardPicture(ctx context.Context) []byte {
	for _, tool := range pictureTools {
		if os.Getenv(tool.display) == "" {
			continue
		}
		path, err := exec.LookPath(tool.args[0])
		if err != nil {
			continue
		}
		if png := output(exec.CommandContext(ctx, path, tool.args[1:]...)); bytes.HasPrefix(png, pngMark) {
			return png
		}
	}
	return nil
}

// output is what a program prints; nil where it fails or prints too much.
func output(cmd *exec.Cmd) []byte {
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(out, mostPicture+1))
	if err != nil || len(b) > mostPicture {
		_ = cmd.Process.Kill()
		b = nil
	}
	if cmd.Wait() != nil {
		return nil
	}
	return b
}
