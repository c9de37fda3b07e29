// Package console is the desk at which staff sit: who waits, the dialogs that
// they hold, what is said in them. api.md says how its page talks to it; the
// page is one client.
//
// Every request passes one guard (guard.go), which refuses what it was not told
// to let through. What is seen and changed is audited.
package console
