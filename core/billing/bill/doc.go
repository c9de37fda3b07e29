// Package bill answers «how much do I owe, and why» (R-5.1.3-a, c, d). A
// [Ledger] is everything that is known of an account's money; a [Bill] is what
// it comes to on a day, an [Explanation] says what changed against the month
// before, and a [Calculator] counts what was not billed yet.
//
// What comes out is data: kinds, sums, versions of tariffs. The words for it
// stand in the catalogues of scenarios.
package bill
