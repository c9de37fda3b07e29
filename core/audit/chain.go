package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"okoshko/core/fault"
)

// Line is a line as it is kept, each field as the text that its hash covers:
// Before and After in the store's own JSON, At in microseconds since 1970.
type Line struct {
	Number, At, Staff                                          int64
	Act, Conversation, Subject, Before, After, Reason, Address string
	Hash                                                       []byte
}

// Sum is the hash that the line must have after one with the hash given: the
// SHA-256 of that hash and of every field as "<bytes>:<text>". The trigger
// chain_audit of the database computes the same.
func (l Line) Sum(previous []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	for _, field := range []string{
		strconv.FormatInt(l.Number, 10), strconv.FormatInt(l.At, 10), strconv.FormatInt(l.Staff, 10),
		l.Act, l.Conversation, l.Subject, l.Before, l.After, l.Reason, l.Address,
	} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return h.Sum(nil)
}

// Mark names a line by its number and its hash. Whoever keeps one outside of
// the database can show later that nothing up to it was rewritten.
type Mark struct {
	Number int64
	Hash   []byte
}

// String writes a mark as ParseMark reads it.
func (m Mark) String() string { return fmt.Sprintf("%d:%s", m.Number, hex.EncodeToString(m.Hash)) }

// ParseMark reads "<number>:<hash in hex>". The error is Invalid.
func ParseMark(text string) (Mark, error) {
	number, hash, found := strings.Cut(strings.TrimSpace(text), ":")
	n, err1 := strconv.ParseInt(number, 10, 64)
	sum, err2 := hex.DecodeString(hash)
	if !found || err1 != nil || err2 != nil || n < 1 || len(sum) != sha256.Size {
		return Mark{}, fault.New(fault.Invalid, "a mark of the audit is a number, a colon and 64 hexadecimal digits")
	}
	return Mark{n, sum}, nil
}

// Breach is one place where the chain does not hold.
type Breach struct {
	Number int64
	Kind   BreachKind
}

// BreachKind is how a chain is broken.
type BreachKind string

// The kinds of breach.
const (
	Changed BreachKind = "changed" // the line is not the one that was written
	Missing BreachKind = "missing" // there is no line of that number
	Cut     BreachKind = "cut"     // lines at the end are gone, or are not in the head
	Other   BreachKind = "other"   // the line is not the one that a mark names
	Gone    BreachKind = "gone"    // a mark's line has gone with its time: only a later mark shows anything
)

// Check goes along the chain: Begin, Add for each line, End. Without Begin it
// starts at the first line of all.
type Check struct {
	// Marks are what must stand in the chain.
	Marks    []Mark
	at       Mark
	Breaches []Breach
}

// Begin says after which line the chain begins: the last that has gone with its
// time. The zero Mark is the beginning of all.
func (c *Check) Begin(base Mark) {
	for _, m := range c.Marks {
		switch {
		case m.Number < base.Number:
			c.Breaches = append(c.Breaches, Breach{m.Number, Gone})
		case m.Number == base.Number && !bytes.Equal(m.Hash, base.Hash):
			c.Breaches = append(c.Breaches, Breach{m.Number, Other})
		}
	}
	c.at = base
}

// Add takes the next line.
func (c *Check) Add(l Line) {
	gap := l.Number != c.at.Number+1
	if gap {
		c.Breaches = append(c.Breaches, Breach{c.at.Number + 1, Missing})
	} else if !bytes.Equal(l.Hash, l.Sum(c.at.Hash)) {
		c.Breaches = append(c.Breaches, Breach{l.Number, Changed})
	}
	for _, m := range c.Marks {
		if m.Number == l.Number && !bytes.Equal(m.Hash, l.Hash) {
			c.Breaches = append(c.Breaches, Breach{l.Number, Other})
		}
	}
	c.at = Mark{l.Number, l.Hash}
}

// End compares the last line with what the store says is the last, and reports
// the end of the chain.
func (c *Check) End(head Mark) Mark {
	if head.Number != c.at.Number || !bytes.Equal(head.Hash, c.at.Hash) {
		c.Breaches = append(c.Breaches, Breach{c.at.Number + 1, Cut})
	}
	for _, m := range c.Marks {
		if m.Number > c.at.Number {
			c.Breaches = append(c.Breaches, Breach{m.Number, Missing})
		}
	}
	return c.at
}
