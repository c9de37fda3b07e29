package main

import (
	"strings"
	"sync/atomic"

	"okoshko/bots/site/frontpage"
	"okoshko/core/privacy/detect"
)

// discretion finds in texts what tells of a person, but not what the company says of
// itself. It is one for all that goes out: what is published, and what a messenger
// may carry. It implements press.Finder.
type discretion struct {
	company CompanyConfig
	facts   func() *frontpage.Facts // nil before the first content
	last    atomic.Pointer[knowing]
}

// knowing is a detector that knows what the company said of itself at a time.
type knowing struct {
	facts *frontpage.Facts
	*detect.Detector
}

func newDiscretion(c Config, facts func() *frontpage.Facts) *discretion {
	return &discretion{company: c.Company, facts: facts}
}

// Find implements press.Finder.
func (d *discretion) Find(text string, author detect.Author) []detect.Finding {
	return d.detector().Find(text, author)
}

// redact returns the text without what tells of a person.
func (d *discretion) redact(text string) string {
	return detect.Redact(text, d.Find(text, detect.Author{}))
}

// detector is made anew when what is told to everybody has changed: an office has
// moved, an organisation was added.
func (d *discretion) detector() *detect.Detector {
	facts := d.facts()
	if last := d.last.Load(); last != nil && last.facts == facts {
		return last.Detector
	}
	c := d.company
	allow := detect.Allow{Phones: []string{c.Phone}, Names: []string{c.Brand.RU, c.Brand.EN, c.Name.RU, c.Name.EN}}
	for _, mailbox := range []string{c.Mail, c.MailPersonalData, c.MailBusiness} {
		if _, domain, ok := strings.Cut(mailbox, "@"); ok {
			allow.Emails = append(allow.Emails, "@"+domain)
		}
	}
	if facts != nil && facts.Offices != nil {
		for _, o := range facts.Offices.Offices("", "") {
			allow.Phones = append(allow.Phones, o.Phone)
			allow.Addresses = append(allow.Addresses, values(o.Addresses)...)
			allow.Places = append(allow.Places, detect.Place{Latitude: o.Latitude, Longitude: o.Longitude})
			allow.Names = append(allow.Names, values(o.Names)...)
		}
	}
	if facts != nil && facts.Directory != nil {
		for _, l := range facts.Directory.Links() {
			allow.Phones = append(allow.Phones, l.Phone)
			allow.Pages = append(allow.Pages, l.Address)
			allow.Names = append(allow.Names, values(l.Names)...)
		}
	}
	made := detect.New(allow)
	d.last.Store(&knowing{facts, made})
	return made
}

// values are those of a text in every language.
func values(text map[string]string) (list []string) {
	for _, said := range text {
		if said != "" {
			list = append(list, said)
		}
	}
	return list
}
