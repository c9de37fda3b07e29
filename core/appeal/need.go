package appeal

import (
	"fmt"
	"slices"
	"strings"

	"okoshko/core/knowledge"
)

// Need says when a field must have an answer.
type Need struct {
	// Optional: it never must; he may give it.
	Optional bool
	// Unsure: it must, but he may say that he does not know it (Unknown): the case
	// is registered, and whoever works on it finds that out.
	Unsure bool
	// If: it is of interest only if one of the conditions holds; none: always.
	If []Condition
	// Without names a field in whose place this one stands: it is of interest
	// only while that one has no answer, or is not known.
	Without Name
}

// Condition holds if a field has one of some values. The field "audience" is
// who writes.
type Condition struct {
	Field Name
	Is    []string
}

// ParseNeed reads "always", "may", "if reason=paid|free or plan=single" or
// "without case_number"; the last two may begin with "may ", all but "may" with
// "unsure ".
func ParseNeed(s string) (n Need, err error) {
	err = fmt.Errorf("%q says not when it is needed: always, may, if field=value|value or field=value, without field, unsure before them", s)
	rest := s
	if after, ok := strings.CutPrefix(s, "may "); ok {
		n.Optional, rest = true, after
	} else if after, ok := strings.CutPrefix(s, "unsure "); ok {
		n.Unsure, rest = true, after
	}
	word, of, _ := strings.Cut(rest, " ")
	switch {
	case rest == "always" && !n.Optional:
		return n, nil
	case s == "may":
		return Need{Optional: true}, nil
	case word == "without" && of != "" && !strings.Contains(of, " "):
		n.Without = Name(of)
		return n, nil
	case word != "if":
		return n, err
	}
	for part := range strings.SplitSeq(of, " or ") {
		name, values, _ := strings.Cut(part, "=")
		is := strings.Split(values, "|")
		if name == "" || slices.Contains(is, "") || strings.Contains(part, " ") {
			return n, err
		}
		n.If = append(n.If, Condition{Name(name), is})
	}
	return n, nil
}

// String returns the need as tables have it.
func (n Need) String() string {
	var words []string
	if n.Optional {
		words = append(words, "may")
	}
	if n.Unsure {
		words = append(words, "unsure")
	}
	switch {
	case len(n.If) > 0:
		var list []string
		for _, c := range n.If {
			list = append(list, string(c.Field)+"="+strings.Join(c.Is, "|"))
		}
		words = append(words, "if", strings.Join(list, " or "))
	case n.Without != "":
		words = append(words, "without", string(n.Without))
	case !n.Optional:
		words = append(words, "always")
	}
	return strings.Join(words, " ")
}

// applies reports whether the field is of interest at all to one of the
// audience who gave these answers.
func (n Need) applies(a Answers, who knowledge.Audience) bool {
	if n.Without != "" {
		return a.One(n.Without) == "" || a.Unsure(n.Without)
	}
	return len(n.If) == 0 || slices.ContainsFunc(n.If, func(c Condition) bool {
		value := a.One(c.Field)
		if c.Field == audience {
			value = string(who)
		}
		return slices.Contains(c.Is, value)
	})
}
