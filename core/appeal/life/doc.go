// Package life is what may happen to a case from its registration to its end
// (spec §5.6, R-5.2.6 – ): states, events, who may cause them, and what
// must follow.
//
// [Rules] is the whole machine as a table; docs/appeal-life.md is drawn from it.
// [Machine.Apply] is pure: it returns the case as it is afterwards and the
// consequences as values, so that a store can carry out all of them in the
// transaction that saves the case.
package life
