package main

import "paquebot.app/ui"

// views joins the window with the views that live in packages of their own.
func views() ui.Views { return ui.Views{} }
