//go:build bench

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"okoshko/bots/webchat/webtest"
)

// siteReaders is how many people submit readings over sockets.
const siteReaders = 500

// siteReader submits readings in the chat of the site, again and again, as
// reader does in Telegram.
type siteReader struct {
	tab   *webtest.Tab
	home  household
	steps []step
	first int // how far his first conversation is from everybody else's values
	round int
	heard int // entries
}

func (r *siteReader) between() bool { return len(r.steps) == 0 }

func (r *siteReader) act(ctx context.Context) error {
	if len(r.steps) == 0 {
		r.steps = r.home.reading(r.first+r.round, func(text string) error { r.tab.Say(text); return nil },
			func(label string) error { _, err := r.tab.Press(label, 0); return err })
		r.round++
	}
	s := r.steps[0]
	if err := s.do(); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	said := ""
	err := r.tab.Await(ctx, func(v *webtest.View) bool {
		for ; r.heard < len(v.Entries); r.heard++ {
			if v.Entries[r.heard].Message != nil {
				said = v.Entries[r.heard].Words()
				r.heard++
				return true
			}
		}
		return false
	})
	if err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	if !strings.Contains(said, s.hears) {
		return fmt.Errorf("%s: heard %q", s.name, said)
	}
	r.steps = r.steps[1:]
	return nil
}

// openSite puts a visitor with an open socket into every household. What the
// server may not do, an entry that comes twice included, fails the benchmark.
func (b *bench) openSite(homes []household) *town {
	b.Helper()
	s := &town{acks: &stopwatch{}}
	for i, home := range homes {
		tab := webtest.NewTab(webtest.Browser{
			Base: "http://127.0.0.1:" + strconv.Itoa(b.replica.port), Language: "ru",
			Header: http.Header{"X-Forwarded-For": {fmt.Sprintf("10.0.%d.%d", i/250, i%250)}},
		}, func(err error) { b.Error(err) })
		if err := tab.Connect(b.Context()); err != nil {
			b.Fatalf("%v\n%s", err, b.replica.log)
		}
		b.Cleanup(tab.Cut)
		s.people = append(s.people, &siteReader{tab: tab, home: home, first: rand.IntN(50)})
	}
	return s
}
