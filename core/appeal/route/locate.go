package route

import (
	"slices"
	"strings"
	"unicode"

	"okoshko/core/billing"
)

// Locate returns the territory of a case and how it is known: by the account,
// else by the address, else by what the customer was asked (spec §5.7). Any of
// them may be empty; the territory is "" if none tells it.
func (b *Book) Locate(account billing.AccountNumber, address, asked string) (territory string, by Origin) {
	if t := account.Territory(); t != "" {
		return t, ByAccount
	}
	if t := b.territoryOf(address); t != "" {
		return t, ByAddress
	}
	if asked != "" {
		return asked, ByAnswer
	}
	return "", Unknown
}

// territoryOf returns the territory whose place an address names, the closest
// if one names a street; "" if it names none, or places of several.
func (b *Book) territoryOf(address string) string {
	text := wordsOf(address)
	var by [2][]string // territories by place alone, and with the street
	for _, p := range b.places {
		if !contains(text, p.words) || !contains(text, p.street) {
			continue
		}
		by[min(len(p.street), 1)] = append(by[min(len(p.street), 1)], p.territory)
	}
	for _, list := range [][]string{by[1], by[0]} {
		slices.Sort(list)
		if list = slices.Compact(list); len(list) > 0 {
			if len(list) > 1 {
				return ""
			}
			return list[0]
		}
	}
	return ""
}

// contains reports whether a phrase stands in a text; a word that ends with "*"
// may have any ending. The empty phrase stands in all.
func contains(text, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(text); i++ {
		fits := true
		for j, word := range phrase {
			stem, open := strings.CutSuffix(word, "*")
			fits = fits && (text[i+j] == word || open && strings.HasPrefix(text[i+j], stem))
		}
		if fits {
			return true
		}
	}
	return false
}

// wordsOf returns the words of a text in small letters, with е for ё.
func wordsOf(text string) []string {
	plain := strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'ё':
			return 'е'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		default:
			return ' '
		}
	}, text)
	return strings.Fields(plain)
}
