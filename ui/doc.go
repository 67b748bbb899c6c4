// Package ui is Paquebot's window: sidebar, list and reading pane on the view
// models of ui/vm, with keyboard, menus, dragging, banners and the places where
// composer, Outbox and account forms appear.
//
// It guarantees that the goroutine that owns the window never calls the store
// or the network, that a panic in a callback is caught, logged and shown as a
// calm line instead of ending the program, and that nothing but the window's
// geometry is kept in the toolkit's preferences.
package ui
