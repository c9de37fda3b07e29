// Package charge finds how much energy a month is billed for and what it costs:
// volumes by readings, average or norm (Rules 354, пп. 59–60), ranges of
// consumption and their split, changes of tariff, the re-rating of months when
// a late reading shows what was really used, and the first price category of
// legal entities (Act 442).
//
// Where the law leaves open how to count, the way is a named [Rules] value with
// a default (spec §2.3), not an if. Volumes are whole kilowatt-hours; each line
// is rounded half-up to a kopeck, and the sum of the lines is the total.
package charge
