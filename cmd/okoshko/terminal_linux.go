package main

import (
	"io"
	"os"
	"syscall"
	"unsafe"
)

// hideInput keeps what is typed at a terminal from being shown, until the
// returned function is called. What is no terminal stays as it is.
func hideInput(in io.Reader) (restore func()) {
	file, ok := in.(*os.File)
	if !ok {
		return func() {}
	}
	var was syscall.Termios
	if !terminalControl(file, syscall.TCGETS, &was) {
		return func() {}
	}
	hidden := was
	hidden.Lflag &^= syscall.ECHO
	terminalControl(file, syscall.TCSETS, &hidden)
	return func() { terminalControl(file, syscall.TCSETS, &was) }
}

func terminalControl(file *os.File, request uintptr, t *syscall.Termios) bool {
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(unsafe.Pointer(t))) //nolint:gosec // ioctl has no other way
	return failed == 0
}
