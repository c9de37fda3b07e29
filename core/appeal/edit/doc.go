// Package edit changes the tables by which cases live, as an administrator does
// (spec §5.6, §5.7): categories and what their forms ask, terms and who hears of
// them, routes and queues. An [Edit] is tried on the tables as they stand: [Try]
// says which rows it writes and what follows, or why it cannot be. Whoever saves
// it writes those rows and nothing else.
//
// A row that has begun to hold is never changed: cases are read by what held on
// the day of their registration. So forms, terms and alerts begin to hold on the
// next day at the earliest, when no case stands under them yet. A category or a
// route may begin today, and be changed again on the same day: no case is counted
// or checked by it afterwards. What only begins to hold later can be changed, or
// withdrawn.
package edit
