// Package dialog is the engine of conversations. A scenario is declared as
// data: questions, commands, the words for them in catalogues. Step takes one
// event through the open form and returns the next state and what to say; it
// reads, but never writes, takes no clock and draws no lots, so that the same
// step may be taken again. Package turn carries the result out.
//
// A scenario's file reads like its conversation: see dialogs/readings, or the
// four questions of the example in this package's tests.
package dialog
