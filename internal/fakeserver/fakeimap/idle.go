package fakeimap

import (
	"strings"

	"paquebot.app/internal/fakeserver"
)

// idle is IDLE (RFC 2177): changes are told as they happen, until DONE.
func (x *session) idle([]value) bool {
	switch {
	case x.fires("idle-no"):
		x.no("[LIMIT] too many idle connections")
		return true
	case x.lies("idle-flood"):
		x.conn.Line("+ idling")
		x.conn.Flood("* OK still here\r\n")
		return false
	}
	x.conn.Line("+ idling")
	x.conn.Flush()
	if x.fires("idle-drop") {
		x.conn.Drop(fakeserver.FIN)
		return false
	}
	done := make(chan string, 1)
	go func() {
		line, _ := x.conn.ReadLine()
		done <- line
	}()
	silent := x.lies("idle-silent")
	for {
		changed := x.server.World().Changed() // before looking, so that none is missed
		if !silent && !x.update(true) {
			<-done
			return false
		}
		x.conn.Flush()
		select {
		case <-changed:
		case line := <-done:
			if !strings.EqualFold(line, "DONE") {
				if line != "" {
					x.bad("IDLE ends with DONE")
				}
				return line != ""
			}
			x.ok("done")
			return true
		}
	}
}
