package localstore

import (
	"strconv"
	"time"
)

// A letter can be taken back for a while after it was sent on its way.
const (
	undoSend     = "undo-send" // the setting, in seconds
	usualUndo    = 10 * time.Second
	MostUndoSend = 30 * time.Second
)

// UndoSend returns how long a letter that a person sends waits in the outbox,
// so that it can be taken back: 10 seconds unless the user chose another time.
func (v *View) UndoSend() (time.Duration, error) {
	value, err := v.Setting(undoSend)
	seconds, bad := strconv.Atoi(value)
	wait := time.Duration(seconds) * time.Second
	if err != nil || bad != nil || wait < 0 || wait > MostUndoSend {
		return usualUndo, err
	}
	return wait, nil
}

// SetUndoSend sets what UndoSend returns, in whole seconds up to MostUndoSend.
func (tx *Tx) SetUndoSend(wait time.Duration) error {
	wait = min(max(wait, 0), MostUndoSend)
	return tx.SetSetting(undoSend, strconv.Itoa(int(wait/time.Second)))
}
