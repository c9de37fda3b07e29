package detect

import "slices"

// secretKinds may come through the secure form alone (domain.md §3.6), a card not at
// all (§3.3).
var secretKinds = []Kind{Document, Birth, Card}

// Secrets returns what in a customer's text may not be kept with it, nor stand in a
// chat: papers of a person, a date of birth, a bank card. It returns what is certain:
// nobody is told to hide a meter's number.
func Secrets(text string) []Finding {
	return slices.DeleteFunc(everybody.Find(text, Author{}), func(f Finding) bool {
		return !f.Certain || !slices.Contains(secretKinds, f.Kind)
	})
}
