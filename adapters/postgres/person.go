package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/privacy"
)

// person is who an account belongs to and how he is reached: what stands in the
// database under the data key alone.
type person struct {
	Name    privacy.PersonName `json:"n,omitzero"`
	Address privacy.Address    `json:"a,omitzero"`
	Phone   privacy.Phone      `json:"p,omitzero"`
	Email   privacy.Email      `json:"e,omitzero"`
	TaxID   string             `json:"t,omitempty"`
}

// newPerson makes a person of texts, as they stand in a file.
func newPerson(name, address, phone, email, tax string) (p person) {
	// A text can always be taken.
	_, _, _, _ = p.Name.Scan(name), p.Address.Scan(address), p.Phone.Scan(phone), p.Email.Scan(email)
	p.TaxID = tax
	return p
}

// keptPerson is a person as he stands in the database, and what opens him.
type keptPerson struct {
	number string
	body   []byte
	key    string // "": it is not sealed
}

const personFields = `a.person, a.person_key`

// sealPerson returns what is kept of a person, and the key that opens it.
func (d *DB) sealPerson(p person, number string) (body []byte, key string, err error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, "", errors.New("a person cannot be written") // the cause may quote him
	}
	return d.sealKept(plain, number)
}

func (d *DB) sealKept(plain []byte, number string) (body []byte, key string, err error) {
	body, sealed, err := d.seal(plain, personLabel(number))
	if err != nil {
		return nil, "", fmt.Errorf("seal person: %w", err)
	}
	if sealed {
		key = d.sealer.Current()
	}
	return body, key, nil
}

// person opens what is kept of a person.
func (d *DB) person(k keptPerson) (p person, err error) {
	plain, err := d.unseal(k.body, k.key != "", personLabel(k.number))
	if err != nil {
		return p, fmt.Errorf("open person: %w", err)
	}
	if json.Unmarshal(plain, &p) != nil {
		return p, errors.New("a person that was stored cannot be read")
	}
	return p, nil
}

func personLabel(number string) string { return "person/" + number }

const (
	// What the present key has not sealed, page by page.
	stalePersons = `SELECT id, number, person, person_key FROM accounts WHERE id > $1 AND person_key <> $2 ORDER BY id LIMIT $3`
	resealPerson = `UPDATE accounts SET person = $3, person_key = $4 WHERE id = $1 AND person_key = $2`
	personPage   = 500
)

// stalePerson is one that another key has sealed, or none.
type stalePerson struct {
	ID     int64
	Number string
	Body   []byte
	Key    string
}

// ResealPersons seals who accounts belong to under the present data key, so that
// one that was replaced is not needed any more. It returns how many it has
// sealed; it may be stopped at any time and begun again.
func (d *DB) ResealPersons(ctx context.Context) (n int, err error) {
	if d.sealer == nil {
		return 0, nil
	}
	for last := int64(0); ; {
		page, err := many(ctx, d.pool, pgx.RowToStructByPos[stalePerson], stalePersons, last, d.sealer.Current(), personPage)
		if err != nil {
			return n, wrap("list persons", err)
		}
		var b pgx.Batch
		for _, r := range page {
			plain, err := d.unseal(r.Body, r.Key != "", personLabel(r.Number))
			if err != nil {
				return n, wrap("open person", err)
			}
			body, key, err := d.sealKept(plain, r.Number)
			if err != nil {
				return n, wrap("reseal person", err)
			}
			b.Queue(resealPerson, r.ID, r.Key, body, key)
			last = r.ID
		}
		if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
			return n, wrap("reseal persons", err)
		}
		n += len(page)
		if len(page) < personPage {
			return n, nil
		}
	}
}
