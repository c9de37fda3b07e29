// Package calendar counts days as the law and the company do: which days are
// worked, when a term ends, when an office or a desk is open.
//
// A Date is a day without a zone; an instant becomes one only through the zone
// of whoever counts. The production calendar is data (production.txt): a year
// that nobody has published yet is an error, never a guess.
package calendar
