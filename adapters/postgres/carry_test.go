package postgres_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
)

const carriedOther = billing.AccountNumber("0203118468")

// newCarrier is a linker whose store seals.
func newCarrier(t *testing.T) *linker {
	t.Helper()
	l := newLinker(t)
	l.DB = pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now, c.Sealer = l.now, reversed{} })
	return l
}

// enter links a conversation as if a code had been entered.
func (l *linker) enter(t *testing.T, c chat.Conversation, n billing.AccountNumber) {
	t.Helper()
	must(t, pgtest.Exec(t.Context(), l.url, `UPDATE links SET active = false WHERE conversation = '`+string(c)+`'`))
	must(t, pgtest.Exec(t.Context(), l.url, `INSERT INTO links (conversation, account, active, since, used_at, confirmed_at)
		SELECT '`+string(c)+`', id, true, '`+l.now().Format(time.RFC3339)+`', '`+l.now().Format(time.RFC3339)+`', '`+l.now().Format(time.RFC3339)+`'
		FROM accounts WHERE number = '`+n.Full()+`'`))
}

// ticket makes one and returns it as the house and as its customer know it.
func (l *linker) ticket(t *testing.T, c chat.Conversation, topic string) (customer.Ticket, string) {
	t.Helper()
	made, err := l.MakeTicket(t.Context(), l.effect(c), customer.TicketOrder{Topic: topic})
	must(t, err)
	held, err := l.OpenTicket(c, made.Sealed)
	must(t, err)
	known, ok := customer.ReadTicket(held.Reveal())
	if !ok {
		t.Fatalf("no ticket was made: %d bytes", len(held.Reveal()))
	}
	return known, held.Reveal()
}

func (l *linker) arrive(t *testing.T, c chat.Conversation, ticket customer.Ticket) customer.Arrived {
	t.Helper()
	done, err := l.Arrive(t.Context(), l.effect(c), customer.Arrival{Ticket: ticket, Link: true, Consent: agreed(), Lang: "ru"})
	must(t, err)
	return done
}

func agreed() customer.Given {
	return customer.Documents{"ru": "АО"}.Text(customer.ForLinking, "ru").Give()
}

// The whole way: the accounts come along with the rights of a new link, everybody
// is told, and the one that they come from ends it with one press.
func TestCarrying(t *testing.T) {
	t.Parallel()
	l := newCarrier(t)
	l.enter(t, "tg:1", carriedOther)
	l.enter(t, "tg:1", plain)
	l.enter(t, "tg:9", plain)
	ticket, _ := l.ticket(t, "tg:1", "bill")
	b, good, err := l.Ticket(t.Context(), ticket, "web:2", l.now())
	if err != nil || !good || b.Channel != "tg" || b.Topic != "bill" || len(b.Accounts) != 2 {
		t.Fatalf("%+v, %v, %v", b, good, err)
	}
	done := l.arrive(t, "web:2", ticket)
	if !done.Good || done.Topic != "bill" || done.Linked != 2 || done.TooMany {
		t.Fatalf("%+v", done)
	}
	list := l.links(t, "web:2")
	if len(list) != 2 {
		t.Fatalf("links: %+v", list)
	}
	for _, link := range list {
		if link.Fresh(l.now()) || link.From != "tg:1" || link.Carries() || link.Active != (link.Account == plain) {
			t.Errorf("carried with more than its rights: %+v", link)
		}
	}
	given, err := l.Consents(t.Context(), "web:2")
	if err != nil || len(given) != 1 {
		t.Errorf("consents: %+v, %v", given, err)
	}
	for query, want := range map[string]int{
		`SELECT count(*) FROM notices WHERE kind = 'link_made'`:               4, // phones and mailboxes
		`SELECT count(*) FROM river_job WHERE kind = 'tell_new_link'`:         1, // tg:9
		`SELECT count(*) FROM river_job WHERE kind = 'tell_carried'`:          1,
		`SELECT count(*) FROM consents WHERE channel = 'web'`:                 1,
		`SELECT count(*) FROM tickets`:                                        0,
		`SELECT count(*) FROM river_job WHERE args::text LIKE '%0145201372%'`: 0,
	} {
		if n := count(t, l.conn, query); n < want || want < 2 && n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	if n, err := l.EndCarried(t.Context(), l.effect("tg:1")); err != nil || n != 2 {
		t.Errorf("ended %d, %v", n, err)
	}
	if list := l.links(t, "web:2"); len(list) != 0 {
		t.Errorf("still linked: %+v", list)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM river_job WHERE kind = 'tell_ended_link'`); n != 2 {
		t.Errorf("%d are told of the end", n)
	}
	if list := l.links(t, "tg:1"); len(list) != 2 {
		t.Errorf("the origin lost its own: %+v", list)
	}
	if n, err := l.EndCarried(t.Context(), l.effect("tg:1")); err != nil || n != 0 {
		t.Errorf("ended again %d, %v", n, err)
	}
}

// A ticket opens nothing: a second time, for its own conversation, after a
// quarter of an hour, after a newer one, after it was undone, made up. All look
// the same.
func TestTicketsThatOpenNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*linker, customer.Ticket) (customer.Ticket, chat.Conversation){
		"used": func(l *linker, k customer.Ticket) (customer.Ticket, chat.Conversation) {
			l.arrive(t, "web:2", k)
			return k, "web:3"
		},
		"its own conversation": func(_ *linker, k customer.Ticket) (customer.Ticket, chat.Conversation) { return k, "tg:1" },
		"late": func(l *linker, k customer.Ticket) (customer.Ticket, chat.Conversation) {
			l.wait(customer.TicketLife)
			return k, "web:3"
		},
		"a newer one": func(l *linker, k customer.Ticket) (customer.Ticket, chat.Conversation) {
			l.ticket(t, "tg:1", "bill")
			return k, "web:3"
		},
		"undone": func(l *linker, k customer.Ticket) (customer.Ticket, chat.Conversation) {
			if _, err := l.EndCarried(t.Context(), l.effect("tg:1")); err != nil {
				t.Error(err)
			}
			return k, "web:3"
		},
		"made up": func(*linker, customer.Ticket) (customer.Ticket, chat.Conversation) {
			_, k := customer.NewTicket()
			return k, "web:3"
		},
		"empty": func(*linker, customer.Ticket) (customer.Ticket, chat.Conversation) { return "", "web:3" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCarrier(t)
			l.enter(t, "tg:1", plain)
			first, _ := l.ticket(t, "tg:1", "bill")
			ticket, to := spoil(l, first)
			before := len(l.links(t, to))
			b, good, err := l.Ticket(t.Context(), ticket, to, l.now())
			if err != nil || good || len(b.Accounts) != 0 {
				t.Errorf("found: %+v, %v, %v", b, good, err)
			}
			if done := l.arrive(t, to, ticket); done != (customer.Arrived{}) {
				t.Errorf("arrived: %+v", done)
			}
			if after := len(l.links(t, to)); after != before {
				t.Errorf("%d links", after-before)
			}
		})
	}
}

// Of many who come with one ticket at once, one arrives.
func TestATicketIsRaced(t *testing.T) {
	t.Parallel()
	l := newCarrier(t)
	l.enter(t, "tg:1", plain)
	ticket, _ := l.ticket(t, "tg:1", "bill")
	var all sync.WaitGroup
	good := make([]bool, 12)
	for i := range good {
		to := chat.Conversation("web:race" + string(rune('a'+i)))
		e := l.effect(to)
		all.Go(func() {
			done, err := l.Arrive(t.Context(), e, customer.Arrival{Ticket: ticket, Link: true, Consent: agreed(), Lang: "ru"})
			good[i] = err == nil && done.Good
		})
	}
	all.Wait()
	n := 0
	for _, g := range good {
		if g {
			n++
		}
	}
	if links := count(t, l.conn, `SELECT count(*) FROM links WHERE carried_from = 'tg:1'`); n != 1 || links != 1 {
		t.Errorf("%d arrived, %d links", n, links)
	}
}

// What was carried goes on nowhere before a code was entered where it came to,
// so that whoever followed somebody's ticket cannot take the accounts farther.
func TestCarriedIsNotCarriedOn(t *testing.T) {
	t.Parallel()
	l := newCarrier(t)
	l.enter(t, "tg:1", plain)
	ticket, _ := l.ticket(t, "tg:1", "")
	l.arrive(t, "web:2", ticket)
	next, _ := l.ticket(t, "web:2", "")
	if b, good, err := l.Ticket(t.Context(), next, "tg:3", l.now()); err != nil || !good || len(b.Accounts) != 0 {
		t.Fatalf("%+v, %v, %v", b, good, err)
	}
	if done := l.arrive(t, "tg:3", next); done.Linked != 0 || len(l.links(t, "tg:3")) != 0 {
		t.Errorf("%+v", done)
	}
	must(t, pgtest.Exec(t.Context(), l.url, `UPDATE links SET confirmed_at = now() WHERE conversation = 'web:2'`))
	proven, _ := l.ticket(t, "web:2", "")
	if done := l.arrive(t, "tg:3", proven); done.Linked != 1 {
		t.Errorf("after a code: %+v", done)
	}
}

// Without a consent of its own nothing is linked, and the topic goes on.
func TestArrivingWithoutConsent(t *testing.T) {
	t.Parallel()
	l := newCarrier(t)
	l.enter(t, "tg:1", plain)
	for _, a := range []customer.Arrival{{}, {Link: true}, {Consent: agreed()}} {
		a.Ticket, _ = l.ticket(t, "tg:1", "bill")
		done, err := l.Arrive(t.Context(), l.effect("web:2"), a)
		if err != nil || !done.Good || done.Topic != "bill" || done.Linked != 0 || len(l.links(t, "web:2")) != 0 {
			t.Errorf("%+v: %+v, %v", a, done, err)
		}
	}
}

// The database holds the hash alone, and a result that only the key opens, for its
// own conversation; an erasure and the nightly job leave nothing.
func TestTicketsAtRest(t *testing.T) {
	t.Parallel()
	l := newCarrier(t)
	l.enter(t, "tg:1", plain)
	_, held := l.ticket(t, "tg:1", "bill")
	var rows string
	must(t, l.conn.QueryRow(t.Context(), `SELECT string_agg(t::text, '') || (SELECT string_agg(e::text, '') FROM effects e) FROM tickets t`).Scan(&rows))
	if strings.Contains(rows, held) {
		t.Error("the real ticket stands in the database")
	}
	made, err := l.MakeTicket(t.Context(), l.effect("tg:1"), customer.TicketOrder{})
	must(t, err)
	if other, err := l.OpenTicket("tg:2", made.Sealed); err == nil {
		t.Errorf("opened for another conversation: %s", other)
	}
	bare := pgtest.Connect(t, l.url)
	if _, err := bare.MakeTicket(t.Context(), l.effect("tg:1"), customer.TicketOrder{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("made without a key: %v", err)
	}
	if _, err := bare.OpenTicket("tg:1", made.Sealed); !fault.Is(err, fault.Unavailable) {
		t.Errorf("opened without a key: %v", err)
	}
	l.wait(customer.TicketLife + time.Second)
	_, err = l.TidyLinks(t.Context(), l.now(), noon)
	must(t, err)
	l.ticket(t, "tg:3", "")
	must(t, l.Erase(t.Context(), "tg:3", 0, "customer", "request"))
	if n := count(t, l.conn, `SELECT count(*) FROM tickets`); n != 0 {
		t.Errorf("%d tickets are left", n)
	}
}
