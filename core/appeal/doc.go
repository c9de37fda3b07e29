// Package appeal is what people write to the company for, and what it needs to
// know to answer: kinds, the categories of spec §5.6 with the fields of their
// forms, the answers to them, the numbers of registered cases.
//
// What an administrator may edit is tables of plain rows ([Schema]), read into
// a [Book]. A row holds from its day on, so a case can always be read by what
// held on the day of its registration. How long an answer may take is the
// business of package term, who gives it that of route, what may happen to a
// case that of life.
package appeal
