package appeal

import (
	"slices"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// Name names a field: "meter_serial".
type Name string

// The fields that every form has (spec §5.6), and that the house looks at.
const (
	Body      Name = "text"       // what he writes
	Contact   Name = "contact"    // by which channel he wants to be asked: see Channels
	AnswerWay Name = "answer_way" // how he wants the answer
	Phone     Name = "phone"
	Email     Name = "email"
	// Whom is a member of staff whom it is about: a form that asks for him has what is
	// written read for the names of those who would get it (spec §1.6, A8).
	Whom Name = "whom"
)

// Audience is the condition on who writes, in the table of forms.
const audience = "audience"

// Type is what a field holds, and so how it is asked for and checked.
type Type string

// The types, with the canonical form of their values in [Answers].
const (
	Text     Type = "text"     // one line
	Prose    Type = "prose"    // as long as he likes
	Person   Type = "name"     // surname, given name, patronymic
	Address  Type = "address"  // town first
	Account  Type = "account"  // 0145201372, or a contract
	Meter    Type = "meter"    // a meter's serial
	Tel      Type = "phone"    // +79123456789
	Mailbox  Type = "email"    // someone@example.org
	Past     Type = "past"     // a day that has been, 2026-11-24
	Future   Type = "future"   // a day from today on, 2026-11-24
	Moment   Type = "moment"   // a time that has been, 2026-11-24 18:30, or its day alone
	Months   Type = "months"   // 2026-10, or the first and the last: 2026-08/2026-10
	Money    Type = "money"    // roubles: 1604.60
	Count    Type = "count"    // a whole number from 1 on
	Figures  Type = "figures"  // a meter's values in his own words
	Choice   Type = "choice"   // the code of one of its choices
	Consent  Type = "consent"  // "yes"
	Service  Type = "service"  // a code of the price list
	Contract Type = "contract" // ЭС-0123/26, or whatever an older contract is called
	TaxID    Type = "tax_id"   // an ИНН: 10 or 12 digits
	KPP      Type = "kpp"      // nine signs
	OGRN     Type = "ogrn"     // 13 or 15 digits
	Passport Type = "passport" // ten digits
	Case     Type = "case"     // ОБ-2026-000123
	Files    Type = "files"    // IDs of files that were received, one a value
)

// Types lists the types.
func Types() []Type {
	return []Type{
		Text, Prose, Person, Address, Account, Meter, Tel, Mailbox, Past, Future, Moment, Months, Money, Count, Figures,
		Choice, Consent, Service, Contract, TaxID, KPP, OGRN, Passport, Case, Files,
	}
}

// Source is what of a linked account fills a field.
type Source string

// The sources.
const (
	FromAccount  Source = "account"
	FromName     Source = "name"
	FromAddress  Source = "address"
	FromMeter    Source = "meter"
	FromPhone    Source = "phone"
	FromEmail    Source = "email"
	FromCompany  Source = "organisation"
	FromTaxID    Source = "tax_id"
	FromContract Source = "contract"
)

// Sources lists the sources.
func Sources() []Source {
	return []Source{FromAccount, FromName, FromAddress, FromMeter, FromPhone, FromEmail, FromCompany, FromTaxID, FromContract}
}

// Field is one thing that a form asks for. Texts are by language.
type Field struct {
	Name Name
	Type Type
	// From fills it; "": only the customer knows.
	From Source
	// Secret: it may come through the secure form alone, and is sealed (spec
	// §3.6: passports and the like).
	Secret bool
	// Labels stand in summaries and letters, Asks in the dialog, Hints below;
	// the last may be empty.
	Labels, Asks, Hints map[string]string
	// Choices are what a Choice is of.
	Choices []Option
}

// Option is one of a field's choices.
type Option struct {
	Code  string
	Names map[string]string // by language
}

// Option returns a choice by its code.
func (f *Field) Option(code string) (Option, bool) {
	i := slices.IndexFunc(f.Choices, func(o Option) bool { return o.Code == code })
	if i < 0 {
		return Option{}, false
	}
	return f.Choices[i], true
}

// Item is a field in a form.
type Item struct {
	*Field
	Need Need
}

// Unknown is the answer of who does not know it, where Need.Unsure lets him say so:
// no type has such a value.
const Unknown = "?"

// Bare is the text of an application that says no more than its form.
const Bare = "—"

// Read is Field.Read; where the need lets him, it takes Unknown, too.
func (i Item) Read(text string, today calendar.Date) (string, error) {
	if i.Need.Unsure && strings.TrimSpace(text) == Unknown {
		return Unknown, nil
	}
	return i.Field.Read(text, today)
}

// MayBeUnknown reports whether a customer may honestly not know such a thing. What
// else there is decides how long the answer takes, who gives it and how it reaches
// him, or is his own wish; a choice has a choice for it.
func (f *Field) MayBeUnknown() bool { return !f.Secret && slices.Contains(unknowable, f.Type) }

var unknowable = []Type{Text, Meter, Contract, Past, Moment, Months, Money, Count, Figures}

// Concerns reports whether the item may be of interest to one of the audience at
// all, whatever he answers.
func (i Item) Concerns(who knowledge.Audience) bool {
	others := func(c Condition) bool { return c.Field == audience && !slices.Contains(c.Is, string(who)) }
	return len(i.Need.If) == 0 || slices.ContainsFunc(i.Need.If, func(c Condition) bool { return !others(c) })
}

// Form is the fields of a category, from a day on, in the order in which they
// are asked.
type form struct {
	From  calendar.Date
	items []placed
}

type placed struct {
	place int
	Item
}
