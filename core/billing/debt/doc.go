// Package debt knows what is owed and since when: the days by which a bill is
// issued and paid, which payment pays which month, and what a late one costs
// (spec §2.2, §2.4, §2.5).
//
// [Allocate] makes tranches of charges and payments; what each tranche owes, and
// the penalty for it, follows from them alone. The order in which payments were
// recorded does not matter.
package debt
