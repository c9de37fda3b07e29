// Package billing holds the rules of meter readings: what an account and a
// meter are, to which month a reading counts, whether a value is believable,
// how it is found in what a customer wrote, and what proves that a guest may
// send it.
//
// Everything here is pure: no clock, no store, no words for customers. The
// time of an event and the company's time zone come in as parameters, and what
// comes out is data (a Case, an Action, numbers) that a dialog turns into
// words. Values that belong to a person mask themselves wherever they are
// printed or logged.
//
// A submission is judged by one function, [Intake.Judge], with the entries
// known so far: none (is this meter read by customers at all?), one register
// of three, or all of them. A dialog calls it after each answer and the
// command that stores the readings calls it once more, so nothing is decided
// twice in two ways.
//
// What energy costs, what is charged for it, owed and billed stands in the
// packages below this one.
//
// Free text goes through [Parse], which needs no account, and then
// [Message.Entries], which knows the meter.
//
// The letters, words and prefixes of Russian and English that the parsers know
// stand in words.txt.
package billing
