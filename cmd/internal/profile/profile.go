// Package profile opens a user's profile for a program: the store, the places
// where passwords are kept, and the log. The window and paquebotctl share it.
//
// It guarantees that no password is written anywhere but into the system's
// keyring, or, after an explicit yes, into secrets.json.
package profile

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/internal/secrets"
	"paquebot.app/localstore"
)

// Profile is an open profile.
type Profile struct {
	Store *localstore.Store
	Log   *slog.Logger
	File  *secrets.File // secrets.json; takes secrets only after Allow

	chain    *secrets.Chain
	command  *secrets.Command // one of the chain, for what must not be remembered
	commands *commands
	logFile  *os.File
}

// Ask asks the person for the password of an account.
type Ask func(ctx context.Context, account localstore.Account) (string, error)

// Dir returns the profile folder: the one named, else $PAQUEBOT_PROFILE, else
// the user's data folder.
func Dir(named string) (string, error) {
	if named != "" {
		return filepath.Abs(named)
	}
	if env := os.Getenv("PAQUEBOT_PROFILE"); env != "" {
		return filepath.Abs(env)
	}
	base := os.Getenv("XDG_DATA_HOME")
	if base == "" || !filepath.IsAbs(base) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", &fault.Error{Remedy: fault.User, Cause: fault.Settings, Op: "profile folder", Text: "There is no home folder; name a profile with --profile.", Err: err}
		}
		base = filepath.Join(home, ".local", "share")
		if runtime.GOOS != "linux" {
			if base, err = os.UserConfigDir(); err != nil {
				base = home
			}
		}
	}
	return filepath.Join(base, "paquebot"), nil
}

// Open opens the profile in dir. ask may be nil: then nobody is asked. It fails
// with a fault.Error of cause Disk.
func Open(ctx context.Context, dir string, level slog.Level, ask Ask) (*Profile, error) {
	p := &Profile{commands: newCommands()}
	p.openLog(dir, level)
	var err error
	if p.Store, err = localstore.Open(ctx, dir); err != nil {
		return nil, errors.Join(noFolder(dir, err), p.closeLog())
	}
	p.File = secrets.NewFile(filepath.Join(dir, "secrets.json"))
	p.command = secrets.NewCommand(p.commands.line, clock.System)
	p.chain = secrets.NewChain(
		p.command,
		secrets.NewKeyring("Paquebot", clock.System),
		p.File,
		secrets.NewAsker(p.commands.asking(ask)),
	)
	return p, nil
}

// noFolder names the folder that is none, or in which the system denies files;
// other errors stay as they are.
func noFolder(dir string, err error) error {
	var known *fault.Error
	var path *fs.PathError
	if errors.As(err, &known) || !errors.As(err, &path) {
		return err
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
		Text: "The profile folder " + dir + " cannot be used.", Err: err}
}

// Password implements engine.Password. The command that prints an access token
// is run anew every time: a token is good for an hour or so, and only the
// command knows which one is.
func (p *Profile) Password(ctx context.Context, a localstore.Account) (string, error) {
	p.commands.learn(a)
	if a.PasswordCommand != "" && a.Incoming().Auth != localstore.AuthPassword {
		return p.command.Get(ctx, a.SecretRef)
	}
	return p.chain.Get(ctx, a.SecretRef)
}

// Remember keeps a password for this run without storing it.
func (p *Profile) Remember(ctx context.Context, a localstore.Account, password string) error {
	err := p.Keep(ctx, a, password)
	if secrets.NotKept(err) {
		return nil
	}
	return err
}

// Keep stores a password where passwords are kept. NotKept is true of the
// error when there is no such place: it is known until the program ends.
func (p *Profile) Keep(ctx context.Context, a localstore.Account, password string) error {
	p.commands.learn(a)
	return p.chain.Set(ctx, a.SecretRef, password)
}

// NotKept tells whether Keep found no place to keep a password.
func NotKept(err error) bool { return secrets.NotKept(err) }

// Forget removes a password.
func (p *Profile) Forget(ctx context.Context, a localstore.Account) error {
	return p.chain.Delete(ctx, a.SecretRef)
}

// Close closes the store and the log.
func (p *Profile) Close() error {
	return errors.Join(p.Store.Close(), p.closeLog())
}
