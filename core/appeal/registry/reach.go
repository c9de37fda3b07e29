package registry

import (
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
)

// Reaches refuses with ErrChannel an event that names a way to the customer which is
// none of those that he can choose, or, where something is sent that way, one that
// leads nowhere: each attempt is written down as it was (R-5.2.7-c).
func Reaches(forms *appeal.Book, do *life.Do, known appeal.Answers) error {
	if do.Way == "" { // that which the customer has chosen
		return nil
	}
	field, _ := forms.Field(appeal.Contact)
	if field == nil {
		return ErrChannel
	}
	if _, is := field.Option(do.Way); !is {
		return ErrChannel
	}
	to, written := map[string]appeal.Name{appeal.ByEmail: appeal.Email, appeal.ByPhone: appeal.Phone}[do.Way]
	if do.Event == life.Ask && written && known.One(to) == "" {
		return ErrChannel
	}
	return nil
}
