// Package privacy holds the types that keep personal data and secrets to
// themselves. Printed, logged or put into an error they show a mask; the full
// value is given by Reveal alone, so that `grep Reveal` finds every place that
// uses it. JSON and the database hold the full value: they are our stores, not
// our logs.
//
// The masks are those of the house's table of personal data (domain.md §3.3):
// one for logs, one for the lists that staff see. Redact is the second wall
// behind the types: it takes known secrets out of whatever still reaches a log.
package privacy
