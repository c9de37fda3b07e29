package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/enquiry"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

var _ enquiry.Cases = (*DB)(nil)

// To ask for a case that does not exist is as much work as for one that does: any
// case that there is is read and opened in its place, and thrown away (see chosen).
const askedCases = `
SELECT c.number = asked.number, c.number, c.body, c.key
FROM unnest($1::text[]) WITH ORDINALITY AS asked (number, n)
CROSS JOIN LATERAL (
    (SELECT number, body, key FROM cases WHERE number = asked.number)
    UNION ALL
    (SELECT number, body, key FROM cases ORDER BY id DESC LIMIT 1)
    LIMIT 1
) c ORDER BY asked.n`

// AskedCases implements registry.Counter: one round trip. What a case has secret
// stays sealed.
func (d *DB) AskedCases(ctx context.Context, numbers []appeal.Number) ([]registry.Asked, error) {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = n.String()
	}
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (a registry.Asked, err error) {
		var found bool
		var number, key string
		var body []byte
		var c life.Case
		if err := row.Scan(&found, &number, &body, &key); err != nil {
			return a, err
		}
		if err := d.unsealCase(body, key, caseLabel(number), &c); err != nil {
			return a, err
		}
		if a = registry.AskedOf(&c); !found {
			a = registry.Asked{}
		}
		return a, nil
	}, askedCases, texts)
	if len(list) == 0 { // there are no cases at all
		list = make([]registry.Asked, len(numbers))
	}
	return list, wrap("find cases that are asked after", err)
}
