package postgres_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/dialogs/dialog"
)

// linker is a database with the demo's accounts and a look behind the scenes;
// its time stands still until it is moved.
type linker struct {
	*postgres.DB
	conn  *pgx.Conn
	url   string
	after atomic.Int64 // since noon
	forms atomic.Int64
}

func newLinker(t *testing.T) *linker {
	t.Helper()
	l := &linker{url: pgtest.URL(t)}
	l.DB = pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now = l.now })
	must(t, l.LoadDemo(t.Context()))
	l.conn = pgtest.Conn(t, l.url)
	return l
}

func (l *linker) now() time.Time { return noon.Add(time.Duration(l.after.Load())) }

func (l *linker) wait(d time.Duration) { l.after.Add(int64(d)) }

func (l *linker) effect(c chat.Conversation) dialog.Effect {
	e := effect(c, int(l.forms.Add(1)))
	e.At = l.now()
	return e
}

// send orders a code and returns it.
func (l *linker) send(t *testing.T, c chat.Conversation, number billing.AccountNumber) customer.Code {
	t.Helper()
	sent, err := l.SendCode(t.Context(), l.effect(c), customer.CodeOrder{Account: number, Way: notice.Mail, Lang: "ru"})
	if err != nil || sent.To == "" {
		t.Fatalf("no code was sent: %+v, %v", sent, err)
	}
	var code string
	must(t, l.conn.QueryRow(t.Context(), `SELECT convert_from(body, 'UTF8') FROM codes WHERE conversation = $1
		AND account = (SELECT id FROM accounts WHERE number = $2)`, string(c), number.Full()).Scan(&code))
	return customer.Code(code)
}

func (l *linker) link(t *testing.T, c chat.Conversation, number billing.AccountNumber, code customer.Code) customer.Linked {
	t.Helper()
	done, err := l.Link(t.Context(), l.effect(c), customer.Linking{Account: number, Code: code, Lang: "ru"})
	must(t, err)
	return done
}

func (l *linker) links(t *testing.T, c chat.Conversation) []customer.Link {
	t.Helper()
	list, err := l.Links(t.Context(), c, l.now())
	must(t, err)
	return list
}

func wrongFor(code customer.Code) customer.Code {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// The whole way: a code goes out, the link is made with the consent, the people
// on file and the other conversation of the account are told of it.
func TestLinking(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	first := l.send(t, "tg:1", plain)
	if len(first) != customer.CodeDigits {
		t.Errorf("a code of %d digits", len(first))
	}
	consent := customer.Documents{"ru": "АО"}.Text(customer.ForLinking, "ru").Give()
	e, order := l.effect("tg:1"), customer.Linking{Account: plain, Code: first, Consent: consent, Lang: "ru"}
	done, err := l.Link(t.Context(), e, order)
	if err != nil || done.Code != customer.CodeRight || done.Link == 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if again, err := l.Link(t.Context(), e, order); err != nil || again != done {
		t.Errorf("the same effect again: %+v, %v", again, err)
	}
	list := l.links(t, "tg:1")
	if len(list) != 1 || list[0].Account != plain || !list[0].Active || !list[0].Fresh(l.now()) || !list[0].Since.Equal(noon) {
		t.Fatalf("links: %+v", list)
	}
	given, err := l.Consents(t.Context(), "tg:1")
	if err != nil || len(given) != 1 || given[0].Hash != consent.Hash || given[0].Version != consent.Version {
		t.Errorf("consents: %+v, %v", given, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM consents WHERE action = $1 AND channel = 'tg'`, e.ID); n != 1 {
		t.Errorf("%d consents name their action", n)
	}
	const made = `SELECT count(*) FROM notices WHERE kind = 'link_made'`
	if n := count(t, l.conn, made); n != 2 { // phone and e-mail
		t.Errorf("%d letters to the owner", n)
	}
	const told = `SELECT count(*) FROM river_job WHERE kind = 'tell_new_link'`
	if n := count(t, l.conn, told); n != 0 {
		t.Errorf("%d conversations are told of the first link", n)
	}
	second := l.link(t, "web:2", plain, l.send(t, "web:2", plain))
	if n := count(t, l.conn, told); n != 1 || count(t, l.conn, made) != 4 {
		t.Errorf("%d conversations are told of the second link", n)
	}
	// Linking again tells nobody.
	if again := l.link(t, "web:2", plain, l.send(t, "web:2", plain)); again.Link != second.Link || count(t, l.conn, made) != 4 {
		t.Errorf("linked again: %+v", again)
	}
	var heard []customer.NewLink
	var mu sync.Mutex
	jobs, err := l.Jobs(postgres.Work{
		NewLink: func(_ context.Context, n customer.NewLink) error {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, n)
			return nil
		},
		Notice: (&postman{}).send,
	})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- jobs.Run(ctx) }()
	eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(heard) > 0 })
	cancel()
	must(t, <-ended)
	want := customer.NewLink{Link: second.Link, Told: done.Link, Conversation: "tg:1", Account: plain, Channel: "web", At: noon}
	if len(heard) != 1 || heard[0] != want {
		t.Errorf("told: %+v", heard)
	}
}

// Every code that is not the right one at the right time opens nothing.
func TestCodesThatOpenNothing(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]func(t *testing.T, l *linker) customer.Linked{
		"never sent": func(t *testing.T, l *linker) customer.Linked { return l.link(t, "tg:1", plain, "123456") },
		"empty": func(t *testing.T, l *linker) customer.Linked {
			l.send(t, "tg:1", plain)
			return l.link(t, "tg:1", plain, "")
		},
		"wrong": func(t *testing.T, l *linker) customer.Linked {
			return l.link(t, "tg:1", plain, wrongFor(l.send(t, "tg:1", plain)))
		},
		"worn out": func(t *testing.T, l *linker) customer.Linked {
			code := l.send(t, "tg:1", plain)
			l.wait(customer.CodeLife)
			return l.link(t, "tg:1", plain, code)
		},
		"used": func(t *testing.T, l *linker) customer.Linked {
			code := l.send(t, "tg:1", plain)
			l.link(t, "tg:1", plain, code)
			_, err := l.Unlink(t.Context(), l.effect("tg:1"), l.links(t, "tg:1")[0].ID)
			must(t, err)
			return l.link(t, "tg:1", plain, code)
		},
		"another chat's": func(t *testing.T, l *linker) customer.Linked {
			return l.link(t, "tg:2", plain, l.send(t, "tg:1", plain))
		},
		"another account's": func(t *testing.T, l *linker) customer.Linked {
			return l.link(t, "tg:1", "0203118468", l.send(t, "tg:1", plain))
		},
		"replaced by a newer one": func(t *testing.T, l *linker) customer.Linked {
			code := l.send(t, "tg:1", plain)
			for newer := code; newer == code; {
				newer = l.send(t, "tg:1", plain)
			}
			return l.link(t, "tg:1", plain, code)
		},
		"right after five wrong ones": func(t *testing.T, l *linker) customer.Linked {
			code := l.send(t, "tg:1", plain)
			for range customer.CodeTries {
				l.link(t, "tg:1", plain, wrongFor(code))
			}
			return l.link(t, "tg:1", plain, code)
		},
		"unknown account": func(t *testing.T, l *linker) customer.Linked { return l.link(t, "tg:1", "0100000009", "123456") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLinker(t)
			if got := try(t, l); got.Link != 0 || got.Code == customer.CodeRight {
				t.Errorf("linked: %+v", got)
			}
			if list := l.links(t, "tg:1"); len(list) != 0 {
				t.Errorf("links: %+v", list)
			}
			if n := count(t, l.conn, `SELECT count(*) FROM consents`); n != 0 {
				t.Errorf("%d consents of nobody", n)
			}
		})
	}
}

// Of many who enter one code at once, one is linked.
func TestACodeIsRaced(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	code := l.send(t, "tg:1", plain)
	var rights atomic.Int64
	together(8, func(i int) {
		c := chat.Conversation("tg:1")
		if i%2 == 1 {
			c = "tg:2" // another chat that has seen it
		}
		done, err := l.Link(t.Context(), l.effect(c), customer.Linking{Account: plain, Code: code, Lang: "ru"})
		if err == nil && done.Code == customer.CodeRight {
			rights.Add(1)
		}
	})
	if n := rights.Load(); n != 1 {
		t.Errorf("the code was right %d times", n)
	}
	if len(l.links(t, "tg:2")) != 0 || len(l.links(t, "tg:1")) != 1 {
		t.Error("the wrong chat is linked")
	}
}

func TestNoContactOnFile(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	exec(t, l.conn, `UPDATE accounts SET person = '{"e":"demo@post.example"}', person_key = '' WHERE number = $1`, plain)
	for what, o := range map[string]customer.CodeOrder{
		"no phone":         {Account: plain, Way: notice.SMS},
		"no account":       {Account: "0100000009", Way: notice.SMS},
		"a legal entity's": {Account: "ЭС-0123/26", Way: notice.SMS},
		"no way":           {Account: plain, Way: "pigeon"},
	} {
		if sent, err := l.SendCode(t.Context(), l.effect("tg:1"), o); err != nil || sent.To != "" {
			t.Errorf("%s: %+v, %v", what, sent, err)
		}
	}
	if n := count(t, l.conn, `SELECT count(*) FROM codes`); n != 0 {
		t.Errorf("%d codes", n)
	}
}

// An account that does not exist is looked for with the same work.
func TestHolderOfAnAccount(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	h, found, err := l.Holder(t.Context(), plain)
	if err != nil || !found || h.Account.Number != plain || h.Phone.Reveal() != "+70000000001" || len(h.Account.Meters) != 1 || h.Paid <= 0 {
		t.Errorf("%+v, %v, %v", h, found, err)
	}
	if h, found, err := l.Holder(t.Context(), "0100000009"); err != nil || found || h.Account.Number != "" || h.Paid != 0 {
		t.Errorf("%+v, %v, %v", h, found, err)
	}
	legal, found, err := l.Holder(t.Context(), "ЭС-0123/26")
	if err != nil || !found || legal.TaxID != "0000120139" || len(legal.Ways()) != 1 {
		t.Errorf("%+v, %v, %v", legal, found, err)
	}
	if _, found, err := pgtest.Open(t).Holder(t.Context(), plain); found || err != nil {
		t.Errorf("an empty database: %v, %v", found, err)
	}
}

// The code is sealed at rest, and a store without the key opens nothing.
func TestCodesAreSealed(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	sealing := pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now, c.Sealer = l.now, reversed{} })
	_, err := sealing.SendCode(t.Context(), l.effect("tg:1"), customer.CodeOrder{Account: plain, Way: notice.SMS, Lang: "ru"})
	must(t, err)
	var kept []byte
	must(t, l.conn.QueryRow(t.Context(), `SELECT body FROM codes WHERE sealed`).Scan(&kept))
	if _, err := strconv.Atoi(string(kept)); err == nil {
		t.Error("the code stands there as it is")
	}
	if _, err := l.Link(t.Context(), l.effect("tg:1"), customer.Linking{Account: plain, Code: "123456"}); err == nil {
		t.Error("opened without the key")
	}
	must(t, l.Erase(t.Context(), "tg:1", 0, "customer", "request"))
	if n := count(t, l.conn, `SELECT count(*) FROM codes`); n != 0 {
		t.Error("the code outlives its conversation")
	}
	if _, err := l.Link(t.Context(), effect("tg:1", 1), customer.Linking{Account: plain}); err != nil && !errors.Is(err, postgres.ErrErased) {
		t.Error(err)
	}
}
