package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog/turn"
)

// Jobs of cases name a case, a line of its history (its revision then) and keys.

// tellArgs is what a customer is told of a case. Again is the attempt of an answer
// that is sent into the chat once more.
type tellArgs struct {
	Number string `json:"number"`
	Line   int    `json:"line"`
	Again  int    `json:"again,omitempty"`
}

func (tellArgs) InsertOpts() river.InsertOpts { return noticeArgs{}.InsertOpts() }

func (tellArgs) Kind() string { return "tell_case" }

// mailArgs is a letter to a role or a queue.
type mailArgs struct {
	Number string `json:"number"`
	Line   int    `json:"line"`
	What   string `json:"what"`
	Role   string `json:"role,omitempty"`
	Queue  string `json:"queue,omitempty"`
}

func (mailArgs) InsertOpts() river.InsertOpts { return noticeArgs{}.InsertOpts() }

func (mailArgs) Kind() string { return "mail_case" }

// deliverArgs is an attempt to bring an answer to the customer.
type deliverArgs struct {
	Reply   string `json:"reply"`
	Way     string `json:"way"`
	Attempt int    `json:"attempt"`
}

func (deliverArgs) InsertOpts() river.InsertOpts { return noticeArgs{}.InsertOpts() }

func (deliverArgs) Kind() string { return "deliver_case" }

// laterArgs is an event that happens at a moment, if the case still takes it.
type laterArgs struct {
	Number string `json:"number"`
	Event  string `json:"event"`
	Line   int    `json:"line"`
}

func (laterArgs) Kind() string { return "later_case" }

const (
	findLine = `SELECT ` + lineFields + ` WHERE c.number = $1`

	// Files that came with one line came from one conversation.
	sentFrom = `
SELECT coalesce(max(f.conversation), '') FROM case_files f JOIN cases c ON c.id = f.case_id WHERE c.number = $1 AND f.n = $2`

	// unhanded is how long a job waits for a hand that this process does not have.
	unhanded = time.Minute
)

func (d *DB) addCaseWorkers(workers *river.Workers, w Work) {
	river.AddWorker(workers, &tellWorker{db: d, work: w})
	river.AddWorker(workers, &mailWorker{db: d, work: w})
	river.AddWorker(workers, &alertWorker{db: d, work: w})
	river.AddWorker(workers, &deliverWorker{db: d, work: w})
	river.AddWorker(workers, &laterWorker{db: d})
	river.AddWorker(workers, &releaseWorker{db: d})
	river.AddWorker(workers, &fetchCaseWorker{db: d, work: w})
}

type tellWorker struct {
	river.WorkerDefaults[tellArgs]
	db   *DB
	work Work
}

// Work tells the customer. An answer that goes into the chat is delivered by it, when
// the channel has taken it.
func (w *tellWorker) Work(ctx context.Context, job *river.Job[tellArgs]) error {
	if w.work.CaseNews == nil || w.work.CaseFate == nil {
		return river.JobSnooze(unhanded)
	}
	r, found, err := w.db.readRecord(ctx, findCase, job.Args.Number)
	line := job.Args.Line
	if err != nil || !found || line > len(r.History) {
		return wrap("find case", err)
	}
	entry := r.History[line-1]
	n := registry.News{Record: r, Event: entry.Do.Event, Entry: entry, Line: line, Again: job.Args.Again}
	if entry.Do.Event == life.Drop {
		if n.Conversation, _, err = one(ctx, w.db.pool, pgx.RowTo[chat.Conversation], sentFrom, job.Args.Number, entry.Do.Line); err != nil {
			return wrap("find who sent files", err)
		}
	}
	var attempt registry.Delivery
	if answering(entry.Do.Event) {
		// The line names its document, or that of the preparation before it.
		id, _, err := one(ctx, w.db.pool, pgx.RowTo[string], replyAt, job.Args.Number, entry.At)
		if err != nil {
			return wrap("find answer", err)
		}
		if n.Reply, err = w.db.FindReply(ctx, id); err != nil {
			return settled(err)
		}
		if n.Brings() {
			attempt = registry.Delivery{Reply: id, Way: appeal.InChat, Attempt: max(n.Again, 1), Status: registry.Sent}
		}
	}
	said := job.Output() != nil // before, and what becomes of it was not known yet
	if n.Rings() && !said {
		zone, err := w.db.zoneOf(ctx, r.Territory)
		if err != nil {
			return err
		}
		now := w.db.now()
		if at := n.Heard(now, zone); at.After(now) {
			return river.JobSnooze(at.Sub(now))
		}
	}
	var at turn.Position
	if said {
		err = json.Unmarshal(job.Output(), &at)
	} else if at, err = w.work.CaseNews(ctx, n); err == nil {
		err = river.RecordOutput(ctx, at)
	}
	awaited := attempt.Reply != "" || n.Event == life.Ask || n.Event == life.Propose
	why := fault.Of(err).String()
	if err == nil && awaited && at != (turn.Position{}) {
		report, failed := w.work.CaseFate(ctx, r.Conversation, at)
		switch {
		case failed != nil || report.Fate == turn.Later: // while a store or the channel is away
			return river.JobSnooze(lookAgain(w.db.now().Sub(job.CreatedAt)))
		case report.Fate == turn.Refused:
			err, why = fault.New(fault.Denied, "the channel has refused it: "+report.Why), report.Why
		}
	}
	if !awaited || err != nil && !final(err) && job.Attempt < job.MaxAttempts {
		return settled(err)
	}
	if failed := w.db.settleTold(ctx, &n, attempt, err != nil, why); failed != nil {
		return failed
	}
	return settled(err)
}

// lookAgain is in how long to look once more what became of what was said a while ago.
func lookAgain(since time.Duration) time.Duration { return min(max(since/4, time.Second), time.Minute) }

// zoneOf is where people of a territory live: the zone of an office there, if it
// has its own, else the company's.
func (d *DB) zoneOf(ctx context.Context, territory string) (*time.Location, error) {
	version, _, err := one(ctx, d.pool, pgx.RowTo[int64], findContentVersion)
	if err != nil {
		return nil, wrap("find version", err)
	}
	at, err := d.officesOf(ctx, d.pool, version)
	if err != nil {
		return nil, wrap("read offices", err)
	}
	for _, o := range at.Offices("", "") {
		if territory != "" && o.Territory == territory && o.Zone != nil {
			return o.Zone, nil
		}
	}
	return d.zone, nil
}

// answering reports whether an event gives the customer a document.
func answering(e life.Event) bool {
	return e == life.Answer || e == life.Typical || e == life.OffTopic
}

type mailWorker struct {
	river.WorkerDefaults[mailArgs]
	db   *DB
	work Work
}

// Work writes to the role, or to the queue unless the case has left it meanwhile.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailArgs]) error {
	if w.work.CaseMail == nil {
		return river.JobSnooze(unhanded)
	}
	l, found, err := one(ctx, w.db.pool, scanLine, findLine, job.Args.Number)
	if err != nil || !found {
		return wrap("find case", err)
	}
	if job.Args.Queue != "" && l.Queue != job.Args.Queue {
		return nil
	}
	c, found, err := one(ctx, w.db.pool, w.db.scanCase, findCase, job.Args.Number)
	if err != nil || !found {
		return wrap("find case", err)
	}
	return settled(w.work.CaseMail(ctx, registry.Mail{
		Line: l.Line, What: life.Work(job.Args.What), Role: staff.Role(job.Args.Role), Queue: job.Args.Queue, Nth: job.Args.Line,
		Promise: c.Clocks[term.Answer].Deadline, Day: c.Clocks[term.Direction].Deadline,
	}))
}

type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	db   *DB
	work Work
}

// Work brings the answer to the customer, and notes what became of it.
func (w *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	if w.work.CaseDelivery == nil {
		return river.JobSnooze(unhanded)
	}
	args := job.Args
	attempt, found, err := one(ctx, w.db.pool, scanDelivery, findDelivery, args.Reply, args.Way, args.Attempt)
	if err != nil || !found || attempt.Status == registry.Sent {
		return wrap("find delivery", err)
	}
	reply, err := w.db.FindReply(ctx, args.Reply)
	if err != nil {
		return settled(err)
	}
	r, err := w.db.FindCase(ctx, reply.Number)
	if err != nil {
		return settled(err)
	}
	if attempt.Status == registry.Failed { // and nobody was told of it: we were stopped
		return w.db.undelivered(ctx, &r, attempt)
	}
	err = w.work.CaseDelivery(ctx, registry.Dispatch{Record: r, Reply: reply, Delivery: attempt})
	switch {
	case errors.Is(err, registry.ErrByHand):
		return nil // somebody marks it when it has gone
	case err == nil:
		attempt.Status = registry.Sent
	case final(err) || job.Attempt >= job.MaxAttempts:
		attempt.Status, attempt.Why = registry.Failed, fault.Of(err).String()
	default:
		return err
	}
	if failed := w.db.settleAnswer(ctx, &r, attempt); failed != nil {
		return failed
	}
	return settled(err)
}

type laterWorker struct {
	river.WorkerDefaults[laterArgs]
	db *DB
}

// Work lets the event happen. A case that does not take it any more needs nothing.
func (w *laterWorker) Work(ctx context.Context, job *river.Job[laterArgs]) error {
	var n appeal.Number
	if err := n.UnmarshalText([]byte(job.Args.Number)); err != nil {
		return river.JobCancel(err)
	}
	id := fmt.Sprintf("case-later/%s/%d/%s", job.Args.Number, job.Args.Line, job.Args.Event)
	return w.db.happens(ctx, id, n, life.Do{Event: life.Event(job.Args.Event)})
}

// happens lets an event happen that nobody causes, if the case takes it.
func (d *DB) happens(ctx context.Context, id string, n appeal.Number, do life.Do) error {
	_, err := d.DoCase(ctx, registry.Effect{ID: id, At: d.now()}, registry.Act{Number: n, Do: do, By: life.Actor{Roles: []staff.Role{life.System}}})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
