package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// underWay reports whether an answer has gone by some way, or is about to.
const underWay = `SELECT EXISTS (SELECT FROM case_deliveries WHERE reply = $1 AND status <> 'failed')`

// settleTold notes what became of what the customer was told in his chat, and had to
// hear: an answer, or a question.
func (d *DB) settleTold(ctx context.Context, n *registry.News, v registry.Delivery, failed bool, why string) error {
	if v.Reply != "" {
		if failed {
			v.Status, v.Why = registry.Failed, why
		}
		return d.settleAnswer(ctx, &n.Record, v)
	}
	if !failed {
		return nil
	}
	return d.happens(ctx, "case-undelivered/"+n.ID(), n.Number, life.Do{Event: life.Undelivered, Line: n.Line, Way: n.Way(), Why: why})
}

// settleAnswer notes what became of an attempt to bring an answer to the customer.
func (d *DB) settleAnswer(ctx context.Context, r *registry.Record, v registry.Delivery) error {
	if err := d.MarkDelivery(ctx, v); err != nil || v.Status != registry.Failed {
		return err
	}
	return d.undelivered(ctx, r, v)
}

// undelivered says of the case that its answer has reached nobody, if no other
// attempt has brought it, or may.
func (d *DB) undelivered(ctx context.Context, r *registry.Record, v registry.Delivery) error {
	may, _, err := one(ctx, d.pool, pgx.RowTo[bool], underWay, v.Reply)
	if err != nil || may {
		return wrap("find deliveries", err)
	}
	do := life.Do{Event: life.Undelivered, Reply: v.Reply, Way: v.Way, Why: v.Why}
	return d.happens(ctx, fmt.Sprintf("case-undelivered/%s", v.ID()), r.Number, do)
}
