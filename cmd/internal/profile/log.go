package profile

import (
	"log/slog"
	"os"
	"path/filepath"
)

// logLimit is the size beyond which the log starts anew; the old one is kept
// beside it.
const logLimit = 4 << 20

// openLog opens log/paquebot.log, which takes what packages log without a
// logger of their own too: standard error is for words to people. A log that
// cannot be written is no reason not to read mail.
func (p *Profile) openLog(dir string, level slog.Level) {
	p.Log = slog.New(slog.DiscardHandler)
	defer func() { slog.SetDefault(p.Log) }()
	path := filepath.Join(dir, "log", "paquebot.log")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return
	}
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	p.logFile = f
	p.Log = slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: level}))
}

func (p *Profile) closeLog() error {
	if p.logFile == nil {
		return nil
	}
	return p.logFile.Close()
}
