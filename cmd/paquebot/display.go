package main

import (
	"io"
	"log"
	"os"
	"runtime"

	"github.com/go-gl/glfw/v3.4/glfw"

	"paquebot.app/internal/fault"
)

// display says in a sentence that no window can open. A variable may name a
// display that is gone, as after a login over ssh, and Fyne would panic over it:
// each is tried as Fyne will, and forgotten where nothing answers, so that Fyne
// chooses among those that are there. Other systems always have one.
func display() error {
	if runtime.GOOS != "linux" && runtime.GOOS != "freebsd" {
		return nil
	}
	found := false
	for name, platform := range map[string]int{"WAYLAND_DISPLAY": int(glfw.PlatformWayland), "DISPLAY": int(glfw.PlatformX11)} {
		switch {
		case os.Getenv(name) == "":
		case answers(platform):
			found = true
		default:
			os.Unsetenv(name)
		}
	}
	if !found {
		return &fault.Error{Remedy: fault.Online, Cause: fault.Network, Op: "display", Text: "There is no display here, so no window can open. “paquebotctl” works without one."}
	}
	return nil
}

// answers tells whether the display of a platform can be connected to.
func answers(platform int) (ok bool) {
	// Init tells of some failures only in the log and by what panics after it.
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	defer func() { ok = recover() == nil && ok }()
	glfw.InitHint(glfw.PlatformHint, platform)
	defer glfw.InitHint(glfw.PlatformHint, int(glfw.AnyPlatform))
	if glfw.Init() != nil {
		return false
	}
	defer glfw.Terminate()
	return int(glfw.GetPlatform()) == platform
}
