// Package webtest is a client of the widget's protocol (bots/webchat,
// protocol.md) for tests, load and faults. It is strict where a browser is
// lenient: what the server may not say is an error.
//
//	browser.go   a visitor's browser: sessions, polls, files
//	line.go      one socket, frame by frame
//	tab.go       a page of the visitor's: shows each entry once, sends each
//	             message until it is acknowledged, resumes by position
//	stay.go      keeps a page connected, by sockets or polls
package webtest
