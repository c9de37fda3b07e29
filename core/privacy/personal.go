package privacy

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"unique"
)

// Hidden stands wherever a value may not be shown at all.
const Hidden = "***"

// Mask says how much of a kind of personal data may be seen. The full value is
// never empty.
type Mask interface {
	// Log is what logs, errors and messages to others may show.
	Log(full string) string
	// List is what staff see in lists, before they open a card.
	List(full string) string
}

// Personal is a value of personal data under the mask M. Values are comparable
// and the zero value is empty.
//
// The text is held through a handle because fmt and reflection read unexported
// fields without calling their methods: a struct that is printed with %+v and
// holds a Personal in a private field shows an address, not the text.
type Personal[M Mask] struct {
	text unique.Handle[string]
}

// Of returns full under the mask M, as it stands: parsing and normalising is
// the business of the constructors.
func Of[M Mask](full string) Personal[M] {
	if full == "" {
		return Personal[M]{}
	}
	return Personal[M]{text: unique.Make(full)}
}

// Reveal returns the full value. It is for the customer himself, for our
// stores, and for staff who have opened the card.
func (p Personal[M]) Reveal() string {
	if p.IsZero() {
		return ""
	}
	return p.text.Value()
}

// IsZero reports whether there is no value; encoding/json leaves such a field
// out under omitzero.
func (p Personal[M]) IsZero() bool { return p.text == unique.Handle[string]{} }

// Equal reports whether both hold the same text; go-cmp asks it.
func (p Personal[M]) Equal(other Personal[M]) bool { return p == other }

// String returns the mask for logs, "" for the zero value.
func (p Personal[M]) String() string {
	if p.IsZero() {
		return ""
	}
	var mask M
	return mask.Log(p.text.Value())
}

// Listed returns the mask for staff lists, "" for the zero value.
func (p Personal[M]) Listed() string {
	if p.IsZero() {
		return ""
	}
	var mask M
	return mask.List(p.text.Value())
}

// Format writes the mask for logs under every verb: %#v, %x and %d would
// otherwise go round String.
func (p Personal[M]) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, p.String()) }

// LogValue returns the mask for logs.
func (p Personal[M]) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON writes the full value: JSON goes to our own stores.
func (p Personal[M]) MarshalJSON() ([]byte, error) { return json.Marshal(p.Reveal()) }

// UnmarshalJSON reads what MarshalJSON wrote, without normalising it.
func (p *Personal[M]) UnmarshalJSON(data []byte) error {
	var full string
	if json.Unmarshal(data, &full) != nil {
		// The cause would quote the data.
		return fmt.Errorf("decode %T: not a JSON string", *p)
	}
	*p = Of[M](full)
	return nil
}

// Value gives the full value to the database. Without it drivers fall back to
// String and would store the mask.
func (p Personal[M]) Value() (driver.Value, error) { return p.Reveal(), nil }

// Scan reads what Value stored; NULL is the zero value.
func (p *Personal[M]) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*p = Personal[M]{}
	case string:
		*p = Of[M](v)
	case []byte:
		*p = Of[M](string(v))
	default:
		return fmt.Errorf("scan %T: cannot hold a %T", *p, stored)
	}
	return nil
}
