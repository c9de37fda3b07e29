// Package webchat is the server's side of the chat widget: sessions, sockets,
// long polls and files. protocol.md says what a browser and the server say to
// each other.
//
// The log of a conversation is its delivery. A socket keeps the last position
// that it has sent and reads on when a hint says that there is more, from
// whichever replica; a hint that is lost costs a round of the hub. Nothing else
// about a customer is kept in the process, so that any replica takes any
// connection.
//
//	session.go, identity.go   who somebody is: tokens, tickets, the host page's word
//	origin.go, limit.go       who may ask, and how often
//	frames.go                 what is said, decoded and encoded
//	take.go                   a customer's message, up to its ack
//	hub.go                    everybody who listens here
//	socket.go, upgrade.go     one connection
//	poll.go, upload.go        the ways without a socket; files
package webchat
