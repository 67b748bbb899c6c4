package vm

// Dispatcher runs functions on the goroutine that owns the window. In the
// program it is fyne.Do; in tests a queue that the test drains. Nothing else in
// ui crosses goroutines.
type Dispatcher interface {
	// Do queues f and returns; functions run in the order they were queued.
	Do(f func())
}

// Queue is a Dispatcher for tests: what is queued runs when the test says so.
type Queue struct{ c chan func() }

// NewQueue returns an empty queue.
func NewQueue() *Queue { return &Queue{c: make(chan func(), 1024)} }

// Do implements Dispatcher.
func (q *Queue) Do(f func()) { q.c <- f }

// Until runs what is queued, waiting for more, until done is true. The test's
// own time-out ends a wait that never succeeds.
func (q *Queue) Until(done func() bool) {
	for !done() {
		(<-q.c)()
	}
}
