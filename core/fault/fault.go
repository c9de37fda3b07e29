// Package fault names the few kinds of failure that the house distinguishes.
// Every edge has one table from a Kind to what it means there: a reply, an
// HTTP status, a retry. An error without a Kind is Internal.
package fault

import "errors"

// Kind is what a caller can do about an error.
type Kind int

// The closed list of kinds.
const (
	// Internal is a mistake of ours: log it, apologise, offer a person.
	Internal Kind = iota
	// Invalid is a mistake in what was given: say what is wrong, ask again.
	Invalid
	// NotFound means that what was named does not exist or may not be seen.
	NotFound
	// Conflict means that somebody else was first: read again.
	Conflict
	// Denied means that the caller may not do this.
	Denied
	// Unavailable means that a store or service is away: the same call may
	// succeed later and is safe to repeat.
	Unavailable
)

var names = [...]string{"internal", "invalid", "not_found", "conflict", "denied", "unavailable"}

// String returns the kind's name as it stands in logs and metrics.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(names) {
		return names[Internal]
	}
	return names[k]
}

// Error is a failure with a kind. Key is a key of the catalogue of words, for
// failures that are shown to a person; it is never prose.
type Error struct {
	Kind Kind
	Key  string
	Err  error
}

// Error returns the cause in words for operators, or the key.
func (e *Error) Error() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.Key != "":
		return e.Key
	default:
		return e.Kind.String()
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Wrap gives err a kind; nil stays nil.
func Wrap(k Kind, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: k, Err: err}
}

// New returns an error of kind k that says text.
func New(k Kind, text string) error { return &Error{Kind: k, Err: errors.New(text)} }

// Of returns the kind of the outermost Error in err's tree, Internal when
// there is none.
func Of(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k; a nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && Of(err) == k }
