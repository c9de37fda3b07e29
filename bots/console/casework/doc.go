// Package casework is the part of the staff console in which cases are worked
// on: queues by role, the case with what may be done about
// it now, the answer, the monitors, and the test of routes. ../api.md says how
// its page talks to it.
//
// What may be done is decided by package life, what is kept by the register
// (package registry); here stands who may see what (scope.go), and how a case
// looks (page.go). Whoever a case is about sees it nowhere.
package casework
