// Package tariff knows what electricity costs, when, for whom, and by which
// act: tariffs of the population with their archive (R-5.1.2-e, f), the acts
// that set them (R-5.1.2-g), unregulated prices of legal entities (R-5.1.2-h),
// norms (R-5.1.2-i), prices of services (R-5.1.2-d, n), rates of tax and of
// penalties.
//
// All of it is data: plain rows of the tables that [Schema] names, from files
// or from a database. [New] checks them once (gaps, overlaps, wrong ranges: an
// error names the table and its row) and makes a [Book], which never changes
// and answers for any date. What a book does not hold it refuses to guess.
//
// Versions hold for [valid_from, valid_to): change dates are irregular (spec
// §2.3), so nothing here knows of half-years.
package tariff
