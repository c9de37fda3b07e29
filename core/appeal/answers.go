package appeal

import (
	"maps"
	"slices"

	"okoshko/core/billing"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
)

// Answers are what is known of a form, by field, in canonical form (see Type).
// The values mask themselves.
type Answers map[Name][]privacy.Text

// One returns the answer of a field, the first of several, "" if there is none.
func (a Answers) One(f Name) string {
	if len(a[f]) == 0 {
		return ""
	}
	return a[f][0].Reveal()
}

// Audience is whose account they name: a contract is an organisation's. Empty: they
// name none, and nobody knows who writes.
func (a Answers) Audience() knowledge.Audience {
	switch n := billing.AccountNumber(a.One("account")); {
	case n == "":
		return ""
	case n.Contract():
		return knowledge.Companies
	}
	return knowledge.Individuals
}

// Unsure reports whether he has said that he does not know it (Unknown).
func (a Answers) Unsure(f Name) bool { return a.One(f) == Unknown }

// All returns the answers of a field.
func (a Answers) All(f Name) []string {
	var list []string
	for _, v := range a[f] {
		list = append(list, v.Reveal())
	}
	return list
}

// With returns the answers with others for a field, without any if none are
// given. a stays as it is.
func (a Answers) With(f Name, values ...string) Answers {
	b := maps.Clone(a)
	if b == nil {
		b = Answers{}
	}
	delete(b, f)
	for _, v := range values {
		if v != "" {
			b[f] = append(b[f], privacy.NewText(v))
		}
	}
	return b
}

// Part parts answers: those to secret fields, which a store seals apart and nobody
// is shown without a reason, and all, with privacy.Hidden in the place of what is
// secret. secret is nil if nothing is.
func (b *Book) Part(a Answers) (shown, secret Answers) {
	shown = a
	for name, values := range a {
		if !b.secret(name) {
			continue
		}
		if secret == nil {
			shown, secret = maps.Clone(a), Answers{}
		}
		secret[name] = values
		shown[name] = slices.Repeat([]privacy.Text{privacy.NewText(privacy.Hidden)}, len(values))
	}
	return shown, secret
}

// Unhidden leaves out of answers what only hides a secret one: whoever sends it
// back has not changed it.
func (b *Book) Unhidden(a Answers) Answers {
	for name := range a {
		if b.secret(name) && a.One(name) == privacy.Hidden {
			a = a.With(name)
		}
	}
	return a
}

func (b *Book) secret(name Name) bool {
	f, known := b.fields[name]
	return known && f.Secret
}

// Profile is what is on file for a linked account, in the canonical form of the
// fields that it fills. Several values, such as the serials of two meters, are
// offered and not filled in.
type Profile map[Source][]string

// Offers returns what may be offered to be taken over into a field.
func (p Profile) Offers(f *Field) []string {
	if f.From == "" {
		return nil
	}
	return slices.Clone(p[f.From])
}

// Prefill fills the fields that are asked and empty, and that a linked account
// fills with one value; it returns which ones. No secret field is.
// Later answers may ask for more: then it is done again.
func (c *Category) Prefill(a Answers, who knowledge.Audience, p Profile) (filled Answers, names []Name) {
	for _, item := range c.Asked(a, who) {
		if offers := p.Offers(item.Field); len(offers) == 1 && offers[0] != "" && a.One(item.Name) == "" {
			a = a.With(item.Name, offers[0])
			names = append(names, item.Name)
		}
	}
	return a, names
}
