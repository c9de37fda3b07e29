// Package words holds what we say to customers and what they may say to us:
// catalogues of texts in Russian, the source, and in English, kept beside the
// scenario that speaks them (design §4).
//
// # Catalogue files
//
// A folder holds text.ru.yaml and text.en.yaml. Keys may be flat or nested;
// nested ones are joined by dots. A value is one of
//
//	hello: Здравствуйте, {name}!          # a text
//	left:                                  # plural forms, chosen by the argument n
//	  one: Остался {n} день
//	  few: Осталось {n} дня
//	  many: Осталось {n} дней
//	  other: Осталось {n} дня
//	yes: [да, ага, конечно]                # phrases that customers type
//
// A plural names every form that CLDR has for its language: one, few, many and
// other in Russian (other is for fractions), one and other in English.
//
// # Markup
//
// A line is a paragraph, blank lines only please the eye; a line that starts
// with "- " is an item of a list. **bold**, [label](https://address) with
// https, tel or mailto, or [label]({name}) whose address is an argument, and
// {name} for an argument. A backslash makes any of \ { } [ ] ( ) * - plain.
// Arguments are filled in as plain text: whatever a customer typed, it never
// becomes markup.
//
// # Promises
//
// Load refuses a catalogue with any fault and names them all. Everything is
// parsed once and immutable afterwards, hence safe for concurrent use. Nothing
// panics at run time: a missing key shows as ‹key›, a missing argument shows
// nothing, and both are told to the hook of OnMiss.
package words
