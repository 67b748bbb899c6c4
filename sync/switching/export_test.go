package switching

// Around makes f be called with every commit of a switch until undone.
func Around(f func(write func() error) error) (undo func()) {
	before := around
	around = f
	return func() { around = before }
}
