// Package turntest helps to test the turn: Memory is all of its stores in one
// value, with faults to order; the suites (Conversations, Outbox, Agenda,
// Backlog, Archive, Marks, Quarantine) hold any store to what the ports promise;
// Book, Desk and Channel are a small house with one form to talk about.
package turntest
