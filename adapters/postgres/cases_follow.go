package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/chat"
	"okoshko/core/staff"
)

const (
	putClock = `
INSERT INTO case_clocks (case_id, clock, since, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (case_id, clock) DO UPDATE SET since = EXCLUDED.since, at = EXCLUDED.at, paused_at = NULL`
	pauseClock = `UPDATE case_clocks SET paused_at = $3 WHERE case_id = $1 AND clock = $2`
	dropClock  = `DELETE FROM case_clocks WHERE case_id = $1 AND clock = $2`
	dropClocks = `DELETE FROM case_clocks WHERE case_id = $1`

	dropAlerts = `DELETE FROM case_alerts WHERE case_id = $1 AND ($2 = '' OR clock = $2) AND told_at IS NULL`
	// What was told once for a deadline is not told again.
	addAlert = `
INSERT INTO case_alerts (case_id, clock, deadline, mark, at, receivers) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (case_id, clock, deadline, mark) DO NOTHING`

	// What was to be minded of a clock, before it was stopped or set for another
	// deadline. It comes after the alerts are dropped: who drops them waits for
	// whoever tells them at this moment.
	settleMinding = `
UPDATE case_tasks t SET done_at = $3, done_by = nullif($4, 0) FROM case_alerts a
WHERE t.case_id = $1 AND t.done_at IS NULL AND a.id = t.alert AND ($2 = '' OR a.clock = $2)
  AND ($5::timestamptz IS NULL OR a.deadline <> $5)`

	addTask = `
INSERT INTO case_tasks (case_id, what, staff, queue, role, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
	settleTasks = `
UPDATE case_tasks SET done_at = $3, done_by = nullif($4, 0) WHERE case_id = $1 AND done_at IS NULL AND what = ANY($2)`

	// passTasks gives the open work $6 that was $2's, or of the role $3, to $4 or the
	// role $5; what those have already is done with.
	passTasks = `
WITH passed AS (SELECT t.id, EXISTS (SELECT FROM case_tasks o WHERE o.case_id = t.case_id AND o.staff = $4 AND o.queue = '' AND o.role = $5
        AND o.alert IS NOT DISTINCT FROM t.alert AND (o.alert IS NOT NULL OR o.what = t.what AND o.done_at IS NULL)) AS twin
    FROM case_tasks t
    WHERE t.case_id = $1 AND t.done_at IS NULL AND t.staff = $2 AND t.queue = '' AND t.role = $3 AND t.what = ANY($6))
UPDATE case_tasks t SET staff = CASE WHEN twin THEN t.staff ELSE $4 END, role = CASE WHEN twin THEN t.role ELSE $5 END,
    done_at = CASE WHEN twin THEN $7::timestamptz END
FROM passed WHERE passed.id = t.id`

	addCaseFile = `
INSERT INTO case_files (case_id, foreign_id, name, n, staff, at, file, conversation)
VALUES ($1, $2, $3, $4, nullif($5, 0), $6, nullif($7, ''), nullif($8, '')) ON CONFLICT DO NOTHING`
	// What stands in our store already, and whose it is.
	ourFiles = `SELECT id, conversation FROM files WHERE id = ANY($1) AND complete FOR UPDATE`
	holdFile = `UPDATE files SET named = true WHERE id = $1`
)

// follow carries out what follows from an event.
func (s *saving) follow(ctx context.Context, entry life.Entry, out []life.Consequence) error {
	id, at := s.row.id, entry.At
	for _, f := range entry.Do.Lost {
		s.last.Queue(failCaseFile, f.File, string(f.Why))
	}
	if entry.Do.Event == life.Reopen { // it begins anew
		s.last.Queue(dropClocks, id)
		s.last.Queue(dropAlerts, id, "")
		s.last.Queue(settleMinding, id, "", at, entry.Staff, nil)
	}
	var jobs []river.InsertManyParams
	for _, o := range out {
		switch o := o.(type) {
		case life.SetClock:
			if err := s.setClock(o.Deadline, entry); err != nil {
				return err
			}
		case life.StopClock:
			s.last.Queue(dropAlerts, id, string(o.Clock))
			s.last.Queue(settleMinding, id, string(o.Clock), at, entry.Staff, nil)
			if o.Paused {
				s.last.Queue(pauseClock, id, string(o.Clock), at)
			} else {
				s.last.Queue(dropClock, id, string(o.Clock))
			}
		case life.Pass:
			s.pass(o, at)
		case life.Task:
			s.last.Queue(addTask, id, string(o.What), o.Staff, o.Queue, string(o.Role), at)
		case life.Tell:
			if o.Event == life.Answer || o.Event == life.Typical || o.Event == life.OffTopic {
				way := cmp.Or(s.row.Answers.One(appeal.AnswerWay), appeal.InChat) // where nobody was asked, too
				s.last.Queue(finishReply, s.row.Reply, at)
				s.last.Queue(addDelivery, s.row.Reply, way, 1, at, 0)
				if s.how == silent {
					s.last.Queue(settleDelivery, s.row.Reply, way, 1, string(registry.Sent), "", at)
				}
				if way != appeal.InChat {
					jobs = append(jobs, river.InsertManyParams{Args: deliverArgs{s.row.Reply, way, 1}})
				}
			}
			jobs = append(jobs, river.InsertManyParams{Args: tellArgs{Number: s.row.Number.String(), Line: len(s.row.History)}})
		case life.Mail:
			jobs = append(jobs, river.InsertManyParams{Args: mailArgs{s.row.Number.String(), len(s.row.History), string(o.What), string(o.Role), o.Queue}})
		case life.Later:
			if err := s.later(ctx, o); err != nil {
				return err
			}
		}
	}
	if s.how == silent || len(jobs) == 0 {
		return nil
	}
	if _, err := s.d.jobs.InsertManyTx(ctx, s.tx, jobs); err != nil {
		return fmt.Errorf("queue what is told: %w", err)
	}
	return nil
}

// pass queues that the keeper's work follows who has the case.
func (s *saving) pass(p life.Pass, at time.Time) {
	role := func(who int64, of staff.Role) string {
		if who != 0 {
			return ""
		}
		return string(of)
	}
	s.last.Queue(passTasks, s.row.id, p.From, role(p.From, p.Was), p.To, role(p.To, p.Is), namesOf(p.Works), at)
}

// later promises an event.
func (s *saving) later(ctx context.Context, o life.Later) error {
	args := laterArgs{Number: s.row.Number.String(), Event: string(o.Event), Line: len(s.row.History)}
	if _, err := s.d.jobs.InsertTx(ctx, s.tx, args, &river.InsertOpts{ScheduledAt: o.At}); err != nil {
		return fmt.Errorf("queue %s: %w", o.Event, err)
	}
	return nil
}

// setClock plans a clock and its alerts anew.
func (s *saving) setClock(d term.Deadline, e life.Entry) error {
	s.last.Queue(putClock, s.row.id, string(d.Clock), d.From, d.At)
	s.last.Queue(dropAlerts, s.row.id, string(d.Clock))
	s.last.Queue(settleMinding, s.row.id, string(d.Clock), e.At, e.Staff, d.At)
	alerts, err := s.books.Terms.Alerts(d, s.books.Machine.Counter)
	if err != nil {
		return err
	}
	for _, a := range alerts {
		to := make([]string, len(a.To))
		for k, r := range a.To {
			to[k] = string(r)
		}
		s.last.Queue(addAlert, s.row.id, string(d.Clock), d.At, a.Mark.String(), exact(a.At), to)
	}
	return nil
}

// settle marks the work as done that an event does.
func (s *saving) settle(e life.Entry) error {
	if e.Do.Event == life.Release { // he has nothing more to do about it
		s.last.Queue(settleHis, s.row.id, e.Do.Person, e.At)
	}
	works := registry.Settles(e.Do.Event)
	switch e.Publication {
	case life.ApproveIt, life.RefuseIt:
		works = []life.Work{life.ToPublish}
	}
	if len(works) == 0 {
		return nil
	}
	s.last.Queue(settleTasks, s.row.id, namesOf(works), e.At, e.Staff)
	return nil
}

// attach keeps the files that have come with an event. Those of our own store must
// be of the conversation, or of nobody's; others are fetched from the channel.
func (s *saving) attach(ctx context.Context, files []chat.File, e life.Entry, staff int64) error {
	answers := e.Do.Answers
	if s.fresh {
		answers = s.row.Answers
	}
	for name := range answers {
		if f, known := s.books.Forms.Field(name); !known || f.Type != appeal.Files {
			continue
		}
		for _, id := range answers.All(name) {
			if !slices.ContainsFunc(files, func(f chat.File) bool { return f.ID == id }) {
				files = append(slices.Clip(files), chat.File{ID: id})
			}
		}
	}
	if len(files) == 0 {
		return nil
	}
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	type ours struct{ ID, Conversation string }
	known, err := many(ctx, s.tx, pgx.RowToStructByPos[ours], ourFiles, ids)
	if err != nil {
		return fmt.Errorf("find files: %w", err)
	}
	foreign := false
	for _, f := range files {
		i := slices.IndexFunc(known, func(o ours) bool { return o.ID == f.ID })
		if i < 0 {
			if s.effect.Conversation == "" {
				return registry.ErrFile // there is nowhere to fetch it from
			}
			foreign = true
			s.last.Queue(addCaseFile, s.row.id, f.ID, f.Name, len(s.row.History), staff, e.At, "", string(s.effect.Conversation))
			continue
		}
		of := known[i].Conversation
		if of != "" && of != string(s.effect.Conversation) && of != string(s.row.conversation) {
			return registry.ErrFile
		}
		s.last.Queue(holdFile, f.ID)
		s.last.Queue(addCaseFile, s.row.id, f.ID, f.Name, len(s.row.History), staff, e.At, f.ID, of)
	}
	if !foreign {
		return nil
	}
	_, err = s.d.jobs.InsertTx(ctx, s.tx, fetchCaseArgs{s.row.Number.String(), len(s.row.History)}, nil)
	return err
}
