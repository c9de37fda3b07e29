package postgres_test

import (
	"io"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
)

// A conversation has one active link, and at most forty.
func TestManyLinks(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	must(t, l.AddDemoAccounts(t.Context(), 60, 1, io.Discard))
	exec(t, l.conn, `UPDATE accounts SET person = '{"e":"demo@post.example"}', person_key = ''`)
	rows, err := l.conn.Query(t.Context(), `SELECT number FROM accounts WHERE NOT legal ORDER BY id LIMIT $1`, customer.MostLinks+1)
	must(t, err)
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	var last customer.Linked
	for _, n := range numbers {
		l.wait(time.Second)
		last = l.link(t, "tg:1", billing.AccountNumber(n), l.send(t, "tg:1", billing.AccountNumber(n)))
	}
	if !last.TooMany || last.Link != 0 {
		t.Errorf("the 41st: %+v", last)
	}
	list := l.links(t, "tg:1")
	if len(list) != customer.MostLinks || !list[len(list)-1].Active {
		t.Fatalf("%d links", len(list))
	}
	made, err := l.Activate(t.Context(), l.effect("tg:1"), list[3].ID)
	if a, _ := customer.Active(l.links(t, "tg:1")); !made || err != nil || a.ID != list[3].ID {
		t.Errorf("active: %+v, %v", a, err)
	}
	if made, err := l.Activate(t.Context(), l.effect("tg:2"), list[4].ID); made || err != nil {
		t.Errorf("somebody else's link was made active: %v", err)
	}
	if named, err := l.Rename(t.Context(), l.effect("tg:2"), list[4].ID, "Моя"); named || err != nil {
		t.Errorf("somebody else's link was named: %v", err)
	}
	if ended, err := l.Unlink(t.Context(), l.effect("tg:2"), list[4].ID); ended || err != nil {
		t.Errorf("somebody else's link was ended: %v", err)
	}
	named, err := l.Rename(t.Context(), l.effect("tg:1"), list[3].ID, "Гараж")
	if a, _ := customer.Active(l.links(t, "tg:1")); !named || err != nil || a.Name != "Гараж" {
		t.Errorf("named: %+v, %v", a, err)
	}
	ended, err := l.Unlink(t.Context(), l.effect("tg:1"), list[3].ID)
	if a, ok := customer.Active(l.links(t, "tg:1")); !ended || err != nil || !ok || a.ID == list[3].ID {
		t.Errorf("after its end another is active: %+v, %v", a, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM links WHERE active`); n != 1 {
		t.Errorf("%d active links", n)
	}
}

// A link that nobody used for a year is over, and the nightly job forgets it.
func TestUnusedLinksAreOver(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	old := l.link(t, "tg:1", plain, l.send(t, "tg:1", plain))
	used := l.link(t, "tg:1", "0203118468", l.send(t, "tg:1", "0203118468"))
	_, err := l.Activate(t.Context(), l.effect("tg:1"), old.Link)
	must(t, err)
	l.wait(200 * 24 * time.Hour)
	if seen, err := l.Look(t.Context(), l.effect("tg:1"), used.Link, "bills"); !seen || err != nil {
		t.Errorf("look: %v, %v", seen, err)
	}
	before := l.links(t, "tg:1")[0]
	l.wait(170 * 24 * time.Hour)
	if list := l.links(t, "tg:1"); len(list) != 1 || list[0].ID != used.Link {
		t.Errorf("links: %+v", list)
	}
	if _, found, err := l.LinkedLedger(t.Context(), before); found || err != nil {
		t.Errorf("a link that is over still shows its account: %v", err)
	}
	if _, err := l.Confirm(t.Context(), l.effect("tg:1"), customer.Again{Link: old.Link, Code: "123456"}); err != nil {
		t.Error(err)
	}
	if n, err := l.TidyLinks(t.Context(), l.now(), l.now().AddDate(-3, 0, 0)); n != 1 || err != nil {
		t.Errorf("%d links have ended, %v", n, err)
	}
	if a, ok := customer.Active(l.links(t, "tg:1")); !ok || a.ID != used.Link {
		t.Errorf("no link is active: %+v", a)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM looks WHERE what = 'bills' AND channel = 'tg'`); n != 1 {
		t.Errorf("%d looks", n)
	}
	for _, change := range []string{`UPDATE looks SET what = 'nothing'`, `UPDATE looks SET at = now()`, `TRUNCATE looks`} {
		if _, err := l.conn.Exec(t.Context(), change); err == nil {
			t.Errorf("%s: what was shown can be changed", change)
		}
	}
	l.wait(4 * 365 * 24 * time.Hour)
	if _, err := l.TidyLinks(t.Context(), l.now(), l.now().AddDate(-3, 0, 0)); err != nil || count(t, l.conn, `SELECT count(*) FROM looks`) != 0 {
		t.Errorf("old looks are kept: %v", err)
	}
}

// Another code is asked for personal data after a while, and shows it again.
func TestConfirm(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	made := l.link(t, "tg:1", plain, l.send(t, "tg:1", plain))
	l.wait(customer.FreshFor)
	if l.links(t, "tg:1")[0].Fresh(l.now()) {
		t.Error("still fresh")
	}
	code := l.send(t, "tg:1", plain)
	for _, try := range []struct {
		c     chat.Conversation
		code  customer.Code
		right bool
	}{{"tg:1", wrongFor(code), false}, {"tg:2", code, false}, {"tg:1", code, true}, {"tg:1", code, false}} {
		done, err := l.Confirm(t.Context(), l.effect(try.c), customer.Again{Link: made.Link, Code: try.code})
		if err != nil || (done.Code == customer.CodeRight) != try.right {
			t.Errorf("%s: %+v, %v", try.c, done, err)
		}
	}
	link := l.links(t, "tg:1")[0]
	if !link.Fresh(l.now()) {
		t.Error("not fresh after a code")
	}
	if ledger, found, err := l.LinkedLedger(t.Context(), link); err != nil || !found || ledger.Account.Number != plain {
		t.Errorf("ledger: %v, %v", found, err)
	}
	link.Conversation = "tg:2" // whoever makes a link up is shown nothing
	if _, found, err := l.LinkedLedger(t.Context(), link); err != nil || found {
		t.Errorf("a forged link: %v, %v", found, err)
	}
}

// What the site vouches for is linked without a code, for as long as its word
// is good; consents are withdrawn with all links.
func TestVouchedAndWithdrawn(t *testing.T) {
	t.Parallel()
	l := newLinker(t)
	vouch := func(numbers ...billing.AccountNumber) { must(t, l.Vouch(t.Context(), "web:1", numbers, l.now())) }
	try := func(c chat.Conversation, n billing.AccountNumber) customer.Linked {
		done, err := l.Link(t.Context(), l.effect(c), customer.Linking{
			Account: n, Vouched: true, Lang: "ru", Consent: customer.Documents{}.Text(customer.ForLinking, "ru").Give(),
		})
		must(t, err)
		return done
	}
	if try("web:1", plain).Link != 0 {
		t.Error("linked without anybody's word")
	}
	vouch(plain, "0100000009")
	if list, err := l.Vouched(t.Context(), "web:1", l.now()); err != nil || len(list) != 1 || list[0] != plain {
		t.Errorf("vouched: %v, %v", list, err)
	}
	if try("web:2", plain).Link != 0 || try("web:1", "0203118468").Link != 0 {
		t.Error("a word was good for another chat or account")
	}
	if try("web:1", plain).Link == 0 {
		t.Error("the word was not good")
	}
	if link := l.links(t, "web:1")[0]; link.Fresh(l.now()) {
		t.Error("nobody has entered a code")
	}
	vouch("0203118468")
	l.wait(13 * time.Hour)
	if try("web:1", "0203118468").Link != 0 {
		t.Error("an old word was good")
	}
	withdraw := customer.Given{Purpose: customer.ForLinking, Withdraw: true}
	if _, err := l.Consent(t.Context(), l.effect("web:1"), withdraw); err != nil || len(l.links(t, "web:1")) != 0 {
		t.Errorf("after the withdrawal it is still linked: %v", err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM consents WHERE withdrawn_at IS NOT NULL`); n != 1 {
		t.Errorf("%d withdrawn consents are kept", n)
	}
}
