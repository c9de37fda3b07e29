package chat

import (
	"slices"

	"okoshko/core/privacy"
)

// Withhold is the one wall between a customer's data and a channel that may not
// carry it (spec §3.6): it returns m without the blocks and the files that hold
// what is not in shows. A message that nothing is left of says privacy.Hidden. It is the second
// wall: a scenario asks first and tells the customer where else to look, so
// nobody should ever meet it.
func Withhold(m Message, shows privacy.Classes) Message {
	forbidden := func(b Block) bool { return !b.Holds.Within(shows) }
	unsendable := func(f File) bool { return !f.Holds.Within(shows) }
	if !slices.ContainsFunc(m.Blocks, forbidden) && !slices.ContainsFunc(m.Files, unsendable) {
		return m
	}
	m.Blocks = slices.DeleteFunc(slices.Clone(m.Blocks), forbidden)
	m.Files = slices.DeleteFunc(slices.Clone(m.Files), unsendable)
	if m.Empty() {
		m.Blocks = []Block{Para(privacy.Hidden)}
	}
	return m
}
