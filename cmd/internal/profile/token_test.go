package profile

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"paquebot.app/localstore"
)

// TestATokenIsAskedForAnew: a password is remembered for the run, an access
// token that a command prints is not.
func TestATokenIsAskedForAnew(t *testing.T) {
	for auth, want := range map[localstore.Auth][2]string{
		localstore.AuthPassword:    {"1", "1"},
		localstore.AuthXOAUTH2:     {"1", "2"},
		localstore.AuthOAuthBearer: {"1", "2"},
	} {
		p, err := Open(t.Context(), t.TempDir(), slog.LevelInfo, nil)
		if err != nil {
			t.Fatal(err)
		}
		runs := filepath.Join(t.TempDir(), "runs")
		a := localstore.Account{Name: "anna", Mode: localstore.POP, SecretRef: "account:anna", POP: localstore.Server{Auth: auth},
			PasswordCommand: fmt.Sprintf("echo >>'%s'; grep -c '' '%s'", runs, runs)}
		for i := range want {
			if got, err := p.Password(t.Context(), a); got != want[i] || err != nil {
				t.Errorf("%q: %q, %v; want %q", auth, got, err, want[i])
			}
		}
		a.PasswordCommand = "exit 1"
		if got, err := p.Password(t.Context(), a); auth != localstore.AuthPassword && err == nil {
			t.Errorf("%q: a command that fails gave %q", auth, got)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
