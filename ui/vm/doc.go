// Package vm holds the view models: what the window shows and what it can be
// told, without a pixel. It imports no toolkit, so that all of it is tested
// without one.
//
// It guarantees:
//
//   - Every method that the window calls returns at once: the store is read and
//     written on other goroutines, and the network is never called at all.
//   - State that the window reads changes only inside Dispatcher.Do, that is,
//     on the window's own goroutine; then the model's Changed callback runs.
//   - An answer that came too late (another message was chosen meanwhile) is
//     dropped.
//   - What the user did is on the disk before the window shows it as done.
package vm
