// Package term counts until when a case must be answered, and until when each
// part of the work on it must be done: by which rule, to which moment, and why
// that one (R-5.2.11, R-5.2.6-e; spec §1.6, §2.8, §2.9).
//
// The rules are tables of plain rows ([Schema]), read into a [Book]; a row holds
// from its day on. A [Policy] is what holds for one case, a [Deadline] what it
// comes to. A deadline keeps its reasons as keys and values: the words for them
// stand in catalogues.
package term
