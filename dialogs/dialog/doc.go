// Package dialog is the engine of conversations. A scenario is declared as
// data: questions, commands, the words for them in catalogues. Step takes one
// event through the open form and returns the next state and what to say; it
// reads, but never writes, takes no clock and draws no lots, so that the same
// step may be taken again. Package turn carries the result out.
//
// A scenario's file reads like its conversation: see dialogs/readings, or the
// four questions of the example.
//
// # The order of understanding
//
// A text is the first of these that it can be:
//
//  1. an operator's, who holds the conversation (package turn). From here on a text
//     that tells of danger is answered first of all, by Scenario.Warns; in a form it
//     is then read on
//  2. as a whole, one of the words that work everywhere: menu, back, cancel,
//     operator, a messenger's command
//  3. a choice of the open question by its words; the number of a choice, if
//     the last message is another list
//  4. as a whole, the label of a scenario or of a command, or a phrase for it
//  5. a question of the customer's by its words, if Scenario.Asks has an answer to it,
//     as in 8; not where the open question takes prose, or any words
//  6. an answer to the open question, by Question.Take; then the number of one
//     of its choices. A question that takes prose takes all that comes so far
//  7. what the scenario on the way to a waiting command asks for first, by
//     Scenario.Begins; what opens a scenario, by Scenario.Hears
//  8. a question of the customer's, by Scenario.Answers; the open question is
//     repeated once after it
//  9. not understood: what the open question says of what it could not read, or the
//     question in other words, then with help; the third time in a row, the way to
//     a person
//
// # Long lists
//
// A scenario offers as many options as it has. A message shows a page of them, with
// «Ещё» below, which works by word as well; what stands apart from the list
// (Option.Apart) stands on every page, and what a button is too short for
// (Option.Line) is said of the page's own. A page answers nothing: no button becomes
// stale by it, nothing counts as misunderstood. All of a list can be typed at any
// page; a number is one of those on the screen. Turn.List does the same for commands.
//
// # What is kept
//
// A form that is left alone reminds of itself once, outside the quiet hours, is
// then set aside as a draft, and a day later the draft is dropped. At most three
// forms lie open, an album has ten files at most, a text of more than 4096 units
// is not read: a state stays small.
package dialog
