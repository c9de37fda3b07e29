package postgres_test

import (
	"io"
	"strings"
	"testing"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/fault"
)

// keyring is a Sealer with named keys, the newest first, that anybody could open.
type keyring []string

func (k keyring) Current() string { return k[0] }

func (k keyring) Seal(plain []byte, label string) ([]byte, error) {
	return reversed{}.Seal(plain, k[0]+"/"+label)
}

func (k keyring) Unseal(sealed []byte, label string) ([]byte, error) {
	for _, key := range k {
		if plain, err := (reversed{}).Unseal(sealed, key+"/"+label); err == nil {
			return plain, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "the key is not there, or it is not what it is taken for")
}

func (k keyring) Digests(plain []byte, label string) [][]byte {
	return reversed{}.Digests(plain, label)
}

// Who an account belongs to stands nowhere in the database as it is, is read back
// whole, and goes over to a new key while the old one is still given; after that
// the old one is not needed.
func TestPersonsAreSealed(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	conn := pgtest.Conn(t, url)
	open := func(ids ...string) *postgres.DB {
		return pgtest.Connect(t, url, func(c *postgres.Config) { c.Sealer = keyring(ids) })
	}
	old := open("old")
	must(t, old.LoadDemo(t.Context()))
	must(t, old.AddDemoAccounts(t.Context(), 1200, 1, io.Discard))
	var dump string
	must(t, conn.QueryRow(t.Context(), `SELECT string_agg(a::text || encode(person, 'escape'), '') FROM accounts a`).Scan(&dump))
	for _, plain := range []string{"post.example", "+7000000", "0000120139", "Садовая", "Иванова"} {
		if strings.Contains(dump, plain) {
			t.Errorf("%q stands in the accounts", plain)
		}
	}
	holds := func(d *postgres.DB) {
		t.Helper()
		l, found, err := d.Ledger(t.Context(), plain)
		if err != nil || !found || !strings.Contains(l.Payer.Address.Reveal(), l.Account.House) || l.Payer.Phone.IsZero() || l.Payer.Email.IsZero() {
			t.Errorf("%+v, %v, %v", l.Payer, found, err)
		}
		if h, found, err := d.Holder(t.Context(), "ЭС-0123/26"); err != nil || !found || h.TaxID != "0000120139" || h.Phone.IsZero() {
			t.Errorf("%v, %v, %v", h, found, err)
		}
	}
	holds(old)
	exec(t, conn, `UPDATE accounts SET person = '{"n":"Иванова Мария"}', person_key = '' WHERE number = '0104552013'`) // as a migration leaves them
	var all int
	must(t, conn.QueryRow(t.Context(), `SELECT count(*) FROM accounts`).Scan(&all))
	both := open("new", "old")
	holds(both)
	if n, err := both.ResealPersons(t.Context()); err != nil || n != all {
		t.Fatalf("%d of %d are sealed anew, %v", n, all, err)
	}
	if n, err := both.ResealPersons(t.Context()); err != nil || n != 0 {
		t.Errorf("sealed anew again: %d, %v", n, err)
	}
	holds(open("new"))
	if _, _, err := old.Ledger(t.Context(), plain); !fault.Is(err, fault.Unavailable) {
		t.Errorf("opened by a key that was replaced: %v", err)
	}
	if n, err := old.ResealPersons(t.Context()); !fault.Is(err, fault.Unavailable) || n != 0 {
		t.Errorf("a ring without the key seals anew: %d, %v", n, err)
	}
	// A person belongs to his account.
	exec(t, conn, `UPDATE accounts SET person = (SELECT person FROM accounts WHERE number = 'ЭС-0123/26') WHERE number = '0145201372'`)
	if _, _, err := open("new").Ledger(t.Context(), plain); err == nil {
		t.Error("another account's person was taken")
	}
}
