//go:build !race

package main

// detector is how many times the memory of a program the race detector takes.
const detector = 1
