package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/realserver"
)

// watchdog bounds what ends by itself within seconds, so that a hang is a
// failure. It is no measure.
const watchdog = 2 * time.Minute

// TestTheWindow runs the program as it is on a display: it opens, takes keys and
// closes, and has nothing to complain of. A second display, named but gone, is
// no hindrance.
func TestTheWindow(t *testing.T) {
	for name, more := range map[string][]string{
		"one display":             nil,
		"beside one that is gone": {"WAYLAND_DISPLAY=wayland-gone", "XDG_SESSION_TYPE=wayland"},
	} {
		t.Run(name, func(t *testing.T) {
			display := realserver.Display(t, 1280, 800)
			ctx, cancel := context.WithTimeout(t.Context(), watchdog)
			defer cancel()
			cmd, stderr := program(t, ctx, append(more, "DISPLAY="+display, "LIBGL_ALWAYS_SOFTWARE=1"), "--demo")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			gone := make(chan error, 1)
			go func() {
				gone <- cmd.Wait()
				cancel() // xdotool would wait for a window that never comes
			}()
			use(t, ctx, display)
			// While a letter waits, the first time only says so.
			for asked := 0; ; asked++ {
				if asked < 2 {
					realserver.Xdotool(t, ctx, display, "key", "alt+F4") // which the window manager understands
				}
				select {
				case err := <-gone:
					said := strings.TrimSpace(stderr.String())
					if err != nil || said != "" {
						t.Errorf("ended with %v and said\n%s", err, said)
					}
					return
				case <-clock.System.After(10 * time.Second):
				}
			}
		})
	}
}

// use waits for the window and presses keys.
func use(t *testing.T, ctx context.Context, display string) {
	t.Helper()
	for _, args := range [][]string{
		{"search", "--sync", "--onlyvisible", "--name", "^Paquebot$"},
		{"key", "j"},
		{"key", "j"},
		{"key", "Escape"},
	} {
		if _, err := realserver.Xdotool(t, ctx, display, args...); err != nil {
			t.Error(err)
			return
		}
	}
}
