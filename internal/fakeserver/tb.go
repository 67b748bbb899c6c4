package fakeserver

// TB is what of testing.TB the Start functions of the servers need.
type TB interface {
	Helper()
	Fatal(args ...any)
	Cleanup(func())
}
