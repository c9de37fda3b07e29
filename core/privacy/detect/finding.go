package detect

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what a finding is.
type Kind uint8

// The kinds, in the order of the house's table of personal data (domain.md
// §3.3) and then what only free texts hold.
const (
	Name     Kind = iota // a person's name, whole or in part
	Phone                // a telephone number
	Email                // a mailbox
	Account              // a personal account, ours or ГИС ЖКХ's
	Address              // a street, house, flat, village, postal or cadastral code
	Meter                // a meter's serial number
	Contract             // the number of a contract
	Document             // passport, СНИЛС and other papers of a person
	Birth                // a date or year of birth
	Card                 // a bank card
	TaxID                // ИНН of a person, ОГРНИП
	Bank                 // a bank account
	Plate                // a vehicle's number plate
	Nick                 // a name or page in a messenger or social network
	Number               // a long number that nothing explains
	kinds
)

var kindNames = [kinds]string{
	"name", "phone", "email", "account", "address", "meter", "contract", "document",
	"birth", "card", "inn", "bank", "plate", "nick", "number",
}

// String returns the kind's name in English.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return "unknown"
}

// Mark returns the neutral words that replace such a finding: «[телефон]».
func (k Kind) Mark() string {
	if k < kinds {
		return known.marks[k]
	}
	return known.marks[Number]
}

// Finding is a stretch of a text that tells of a person.
type Finding struct {
	// Start and End are bytes of the text, at letters' borders: text[Start:End].
	Start, End int
	Kind       Kind
	// Certain says that it is what it seems: a checksum, a form or a word before
	// it says so, or the author's own profile. A likely finding may be a mistake.
	Certain bool
}

// Redact returns text with every finding replaced by its mark. The findings are
// those of text, in any order; one that overlaps an earlier one, or does not
// fit the text, widens nothing and is left out.
func Redact(text string, found []Finding) string {
	sorted := slices.SortedFunc(slices.Values(found), func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var out strings.Builder
	out.Grow(len(text))
	at := 0
	for _, f := range sorted {
		if f.Start < at || f.End <= f.Start || f.End > len(text) {
			continue
		}
		out.WriteString(text[at:f.Start])
		out.WriteString(f.Kind.Mark())
		at = f.End
	}
	out.WriteString(text[at:])
	return out.String()
}
