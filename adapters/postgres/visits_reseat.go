package postgres

import (
	"cmp"
	"context"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/notice"
	"okoshko/core/visit"
)

// reseat carries out what a change of an office's schedule means for its visits.
// offices are as they were before it.
func (d *DB) reseat(ctx context.Context, tx pgx.Tx, by audit.Entry, offices *officesAt, office string, i visit.Impact, placed []placed) error {
	var b pgx.Batch
	if first, last, changed := daysOf(i); changed {
		b.Queue(dropHoldsWithin, office, first.String(), last.String(), d.now())
	}
	for _, h := range i.Hit {
		v, news := h.Booking, visit.Rescheduled
		plan, _ := d.plan(offices, office, v.Service)
		switch {
		case h.Quiet:
			b.Queue(rewindow, v.ID, h.Window)
			d.queueNote(&b, v, by.Staff)
			continue
		case h.Window > 0:
			v.Window, v.Start, v.End, v.Status = h.Window, h.To.Start, h.To.End, visit.Moved
			if err := d.queueMove(&b, plan, &v, placed, by.Staff); err != nil {
				return err
			}
			placed = append(placed, taken(v))
			if err := d.remind(ctx, tx, v, plan.Hours.Zone); err != nil {
				return err
			}
		default:
			news = visit.CalledOff
			v.Status, v.Code, v.Sequence = visit.Cancelled, "", v.Sequence+1
			b.Queue(cancelVisit, v.ID)
			d.queueNote(&b, v, by.Staff)
		}
		if err := d.tell(ctx, tx, v, news, d.now()); err != nil {
			return err
		}
		if err := d.textOf(ctx, tx, v, h.Booking, plan, news); err != nil {
			return err
		}
	}
	return tx.SendBatch(ctx, &b).Close()
}

// daysOf are the first and the last day that a change concerns, if there is one.
func daysOf(i visit.Impact) (first, last calendar.Date, any bool) {
	if len(i.Days) == 0 {
		return first, last, false
	}
	return i.Days[0].Date, i.Days[len(i.Days)-1].Date, true
}

func taken(v visit.Booking) placed {
	return placed{ID: v.ID, Window: v.Window, Start: v.Start, End: v.End, Status: v.Status, Code: v.Code}
}

// visitNotices are the kinds of text messages.
var visitNotices = map[visit.Tidings]notice.Kind{visit.Rescheduled: "visit_rescheduled", visit.CalledOff: "visit_called_off"}

// textOf sends a text message of a visit that was moved or called off, if the
// visitor's phone is known: a chat on a page is not looked at every day.
func (d *DB) textOf(ctx context.Context, tx pgx.Tx, v, was visit.Booking, p visit.Plan, news visit.Tidings) error {
	if v.Phone.IsZero() {
		return nil
	}
	lang := cmp.Or(v.Lang, "ru")
	return d.notify(ctx, tx, notice.Notice{
		Kind: visitNotices[news], Phone: v.Phone, Lang: lang, Until: was.Start,
		Facts: map[string]string{
			"office": p.Office.Names[lang], "was": notice.Instant(was.Start.In(p.Hours.Zone)),
			"time": notice.Instant(v.Start.In(p.Hours.Zone)), "code": v.Code,
		},
	})
}
