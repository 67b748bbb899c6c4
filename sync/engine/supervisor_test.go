package engine

import (
	"errors"
	"testing"

	"paquebot.app/internal/fault"
)

func TestWhatIsTriedAgainWithoutAWord(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{&fault.Error{Remedy: fault.Online, Scope: fault.Account, Cause: fault.Network}, true},
		{&fault.Error{Remedy: fault.Later, Scope: fault.Account, Cause: fault.SignIn}, true},
		{&fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk}, true}, // the disk was full
		{&fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Data}, true},
		{errors.New("a defect"), true},
		{&fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.SignIn}, false},
		{&fault.Error{Remedy: fault.User, Scope: fault.Account, Cause: fault.Certificate}, false},
	} {
		if got := triedAgain(c.err); got != c.want {
			t.Errorf("%+v is tried again: %v", c.err, got)
		}
	}
}
