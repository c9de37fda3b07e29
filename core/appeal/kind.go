package appeal

import "slices"

// Kind is what somebody wants of the company in writing.
type Kind string

// The kinds. They are a closed list: each has a life and a row of numbers of its
// own.
const (
	Question    Kind = "question"    // a question or any other appeal
	Complaint   Kind = "complaint"   // something is wrong, and to be put right
	Application Kind = "application" // something is to be done
	Review      Kind = "review"      // thanks, a remark, a proposal
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Question, Complaint, Application, Review} }

// Exists reports whether k is one of the kinds.
func (k Kind) Exists() bool { return slices.Contains(Kinds(), k) }

// Called is how customers are told of a kind. Texts are by language.
type Called struct {
	Kind  Kind
	Names map[string]string
	// Plain says in everyday words when to choose it.
	Plain map[string]string
}
