package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestOfFindsTheErrorThroughWrapping(t *testing.T) {
	in := &Error{Remedy: Online, Scope: Account, Cause: Network, Op: "dial", Err: io.EOF}
	got := Of(fmt.Errorf("while syncing: %w", in))
	if got != in {
		t.Fatalf("Of = %v, want the wrapped error", got)
	}
	if !errors.Is(got, io.EOF) {
		t.Error("the translated error is lost")
	}
	if Of(nil) != nil {
		t.Error("Of(nil) is not nil")
	}
	if b := Of(io.EOF); b.Remedy != Bug || b.Scope != App {
		t.Errorf("an untranslated error is %+v, want a Bug", b)
	}
}

func TestAnErrorThatNobodyTranslatedIsOneCalmSentence(t *testing.T) {
	e := Of(errors.New("runtime error: index out of range [3]"))
	if e.Text != "Something went wrong inside Paquebot. Nothing is lost; the log has the details." || e.Err == nil {
		t.Errorf("%+v", e)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{io.EOF, 70},
		{&Error{Remedy: Online, Cause: Network}, 69},
		{&Error{Remedy: Later, Cause: Server}, 75},
		{&Error{Remedy: User, Cause: SignIn}, 77},
		{&Error{Remedy: Later, Cause: SignIn}, 75},
		{&Error{Remedy: User, Cause: Certificate}, 77},
		{&Error{Remedy: User, Cause: Settings}, 78},
		{&Error{Remedy: User, Cause: Disk}, 74},
		{&Error{Remedy: Never, Cause: Data}, 65},
		{&Error{Remedy: User, Cause: Missing}, 66},
	} {
		if got := ExitCode(c.err); got != c.want {
			t.Errorf("ExitCode(%+v) = %d, want %d", c.err, got, c.want)
		}
	}
}
