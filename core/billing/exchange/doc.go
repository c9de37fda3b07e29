// Package exchange is the form in which a supplier's accounts, meters and readings
// come from its billing and go back to it: CSV with one table of columns, the same
// both ways (design §6). A line is about one account, named by its number; about one
// of its meters, if it names that, too; and about one reading, if it names a
// register. An empty cell says nothing, and what is already known stays; "-" says
// that there is nothing. So a line may be as short or as long as its writer likes,
// and columns that he does not have may be missing.
//
//	account,house,flat,tariff_group,meter,digits,zones,register,period,source,value,at
//	0145201372,5,12,G1,011845093,5,single,,,,,
//	0145201372,,,,011845093,,,T1,2026-10,customer,14712,2026-10-24T10:00:00+03:00
package exchange
