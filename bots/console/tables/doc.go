// Package tables is the part of the console in which an administrator edits by
// what cases live (spec §5.6, §5.7): categories, what their forms ask, terms and
// warnings, routes and queues. An edit is looked at before it is saved: what it
// changes, and how many cases it concerns. A supervisor may look.
package tables
