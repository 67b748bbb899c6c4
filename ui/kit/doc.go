// Package kit holds the widgets the window is made of, drawn from canvas
// primitives: text on one baseline with an ellipsis, stroke icons, buttons,
// chips, folder rows, banners, menus, fields, panes.
//
// Rules they keep: colours come from ui/theme by name and are read again at
// every Refresh, so a change of appearance needs nothing more; a focus ring is
// drawn only for focus that came by keyboard; clicking a button leaves the
// focus where it was. All of it belongs to the main goroutine, and nothing
// here starts another one.
package kit
