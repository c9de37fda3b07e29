//go:build !linux

package main

import "io"

// hideInput cannot hide what is typed on this system.
func hideInput(io.Reader) (restore func()) { return func() {} }
