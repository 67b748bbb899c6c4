package fault

// Exit codes of paquebotctl, after sysexits.h.
const (
	ExitOK       = 0
	ExitUsage    = 64 // the command line is wrong
	ExitData     = 65 // bad input data
	ExitMissing  = 66 // no such account, folder or message
	ExitOffline  = 69 // no server reached; the work is kept and done later
	ExitBug      = 70 // a defect of ours
	ExitDisk     = 74 // full, read-only, damaged
	ExitLater    = 75 // the server said "later"
	ExitSignIn   = 77 // sign-in or certificate refused
	ExitSettings = 78 // settings are wrong
)

// ExitCode returns the exit code that tells err to a script.
func ExitCode(err error) int {
	e := Of(err)
	if e == nil {
		return ExitOK
	}
	switch e.Cause {
	case SignIn, Certificate:
		if e.Remedy == Later {
			return ExitLater
		}
		return ExitSignIn
	case Settings:
		return ExitSettings
	case Disk:
		return ExitDisk
	case Data:
		return ExitData
	case Missing:
		return ExitMissing
	}
	switch e.Remedy {
	case Online:
		return ExitOffline
	case Later:
		return ExitLater
	case User:
		return ExitSettings
	case Never:
		return ExitData
	}
	return ExitBug
}

// FromExit returns an error whose ExitCode is code, for what another process
// reported.
func FromExit(code int, text string) *Error {
	for _, e := range []Error{
		{Remedy: User, Cause: SignIn}, {Remedy: User, Cause: Settings}, {Remedy: User, Cause: Disk}, {Remedy: Never, Cause: Data},
		{Remedy: User, Cause: Missing}, {Remedy: Online, Cause: Network}, {Remedy: Later, Cause: Server},
	} {
		if ExitCode(&e) == code {
			e.Text = text
			return &e
		}
	}
	return &Error{Remedy: Bug, Text: text}
}
