package tables

import (
	"okoshko/core/appeal"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// change is what an edit does, as the page reads it.
type change struct {
	Revision   string            `json:"revision"`
	From       calendar.Date     `json:"from,omitzero"`
	Before     map[string]string `json:"before"`
	After      map[string]string `json:"after"`
	Notices    []edit.Notice     `json:"notices"`
	Terms      []termChange      `json:"terms"`
	Ways       []way             `json:"ways"`
	Asked      []appeal.Name     `json:"asked"`
	Dropped    []appeal.Name     `json:"dropped"`
	Needed     []appeal.Name     `json:"needed"`
	Categories []string          `json:"categories"`
	Open       int               `json:"open"`
	Recent     int               `json:"recent"`
}

type termChange struct {
	Clock    term.Clock         `json:"clock"`
	Category string             `json:"category"`
	Audience knowledge.Audience `json:"audience"`
	Was      *promise           `json:"was"` // null: none
	Is       *promise           `json:"is"`
}

type promise struct {
	Company   string        `json:"company"`
	Legal     string        `json:"legal"`
	Extension string        `json:"extension"`
	How       term.How      `json:"how"`
	Last      calendar.Date `json:"last"`
}

type way struct {
	Function  string `json:"function"`
	Territory string `json:"territory"`
	Was       string `json:"was"`
	Is        string `json:"is"`
}

func shown(c edit.Change, revision string) change {
	out := change{
		Revision: revision, From: c.From, Before: c.Before, After: c.After, Open: c.Open, Recent: c.Recent,
		Notices: some(c.Notices), Asked: some(c.Asked), Dropped: some(c.Dropped), Needed: some(c.Needed), Categories: some(c.Categories),
		Terms: []termChange{}, Ways: []way{},
	}
	for _, t := range c.Terms {
		out.Terms = append(out.Terms, termChange{t.Clock, t.Category, t.Audience, promised(t.Was), promised(t.Is)})
	}
	for _, w := range c.Ways {
		out.Ways = append(out.Ways, way(w))
	}
	return out
}

// some is a list that is never null.
func some[T any](list []T) []T { return append([]T{}, list...) }

func promised(p edit.Promise) *promise {
	if p == (edit.Promise{}) {
		return nil
	}
	text := func(t calendar.Term) string {
		if t.IsZero() {
			return ""
		}
		return t.String()
	}
	return &promise{text(p.Company), text(p.Legal), text(p.Extension), p.How, p.Last}
}
