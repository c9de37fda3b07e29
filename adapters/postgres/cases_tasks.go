package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/staff"
)

const (
	taskFields = `t.id, c.number, t.what, t.staff, t.queue, t.role, t.at, c.kind, c.category, c.state, c.due_at,
    l.clock, l.mark, l.deadline, l.at FROM case_tasks t JOIN cases c ON c.id = t.case_id LEFT JOIN case_alerts l ON l.id = t.alert`
	// his are tasks of $1, of the queues $2 and of the roles $3, but not about him.
	// What a colleague has taken on is that one's alone.
	his = `(t.staff = $1 OR t.queue = ANY($2) AND t.queue <> '' AND coalesce(c.assignee, $1) = $1
    OR t.role = ANY($3) AND t.role <> '' AND (coalesce(c.keeper, $1) = $1
        OR t.role NOT IN ('vp_specialist', 'application_router', 'complaint_router')))
    AND NOT c.about @> ARRAY[$1::bigint]`
	listTasks = `SELECT ` + taskFields + ` WHERE t.done_at IS NULL AND ` + his + ` AND t.id > $4 ORDER BY t.id LIMIT $5`
	tasksOf   = `SELECT ` + taskFields + ` WHERE t.done_at IS NULL AND c.number = $1 ORDER BY t.id`

	// That money is back nobody says but who gives it: see mindMoney.
	finishTask = `
UPDATE case_tasks t SET done_at = coalesce(done_at, $5), done_by = coalesce(done_by, $1)
FROM cases c WHERE c.id = t.case_id AND t.id = $4 AND t.what <> 'refund' AND ` + his

	// claimAlerts takes what is due, with who hears of a later mark of the same term
	// that is due as well. The index that it reads holds nothing else.
	claimAlerts = `
WITH claimed AS (
    UPDATE case_alerts SET told_at = $1 WHERE id IN (
        SELECT id FROM case_alerts WHERE told_at IS NULL AND at <= $1 ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING *)
SELECT id, case_id, clock, mark, receivers, ARRAY(
    SELECT DISTINCT unnest(l.receivers) FROM case_alerts l
    WHERE l.case_id = a.case_id AND l.clock = a.clock AND l.deadline = a.deadline AND l.at <= $1 AND (l.at, l.id) > (a.at, a.id))
FROM claimed a ORDER BY at, id`
	holders = `SELECT id, kind, queue, coalesce(keeper, 0), coalesce(assignee, 0), about FROM cases WHERE id = ANY($1)`

	// What was to be minded of the clock by the same receivers. Whoever settles it at
	// this moment may wait for the alerts that are being told: nobody waits for him.
	replaceMinding = `
UPDATE case_tasks SET done_at = $4 WHERE id IN (
    SELECT t.id FROM case_tasks t JOIN case_alerts a ON a.id = t.alert
    WHERE a.case_id = $1 AND a.clock = $2 AND a.id <> $3 AND t.done_at IS NULL
      AND (t.staff, t.queue, t.role) IN (SELECT * FROM unnest($5::bigint[], $6::text[], $7::text[]))
    FOR UPDATE OF t SKIP LOCKED)`
	addAlertTask = `
INSERT INTO case_tasks (case_id, what, staff, queue, role, alert, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING RETURNING id`
	aboutOf     = `SELECT about FROM cases WHERE number = $1`
	findWarning = `SELECT ` + taskFields + ` WHERE t.id = $1 AND t.done_at IS NULL`
)

func scanTask(row pgx.CollectableRow) (t registry.Task, err error) {
	var number string
	var clock, mark *string
	var deadline, at *time.Time
	err = row.Scan(&t.ID, &number, (*string)(&t.What), &t.Staff, &t.Queue, (*string)(&t.Role), &t.At, (*string)(&t.Kind), &t.Category,
		(*string)(&t.State), &t.Due, &clock, &mark, &deadline, &at)
	if err != nil {
		return t, err
	}
	t.At, t.Due = t.At.UTC(), t.Due.UTC()
	if clock != nil {
		t.Alert = &registry.Alert{Clock: term.Clock(*clock), Deadline: deadline.UTC(), At: at.UTC()}
		if t.Alert.Mark, err = term.ParseMark(*mark); err != nil {
			return t, err
		}
	}
	return t, t.Number.UnmarshalText([]byte(number))
}

// CaseTasks implements registry.Bureau.
func (d *DB) CaseTasks(ctx context.Context, by life.Actor, after int64, limit int) ([]registry.Task, error) {
	list, err := many(ctx, d.pool, scanTask, listTasks, by.Staff, slices.Collect(maps.Keys(by.Queues)), namesOf(by.Roles), after, pageOf(limit))
	return list, wrap("list tasks", err)
}

// TasksOfCase implements registry.Bureau.
func (d *DB) TasksOfCase(ctx context.Context, n appeal.Number) ([]registry.Task, error) {
	list, err := many(ctx, d.pool, scanTask, tasksOf, n.String())
	return list, wrap("list tasks of case", err)
}

// FinishTask implements registry.Bureau.
func (d *DB) FinishTask(ctx context.Context, by life.Actor, id int64, at time.Time) error {
	n, err := d.exec(ctx, "finish task", finishTask, by.Staff, slices.Collect(maps.Keys(by.Queues)), namesOf(by.Roles), id, at)
	if err == nil && n == 0 {
		err = registry.ErrTask
	}
	return err
}

// dueAlert is an alert that was claimed. Later hear of a later one that is due.
type dueAlert struct {
	ID, Case         int64
	Clock, Mark      string
	Receivers, Later []string
}

// holder is who has a case, in whatever way.
type holder struct {
	ID               int64
	Kind             string
	Queue            string
	Keeper, Assignee int64
	About            []int64
}

// TellAlerts implements registry.Watch.
func (d *DB) TellAlerts(ctx context.Context, now time.Time, limit int) (n int, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		due, err := many(ctx, tx, pgx.RowToStructByPos[dueAlert], claimAlerts, now, limit)
		if err != nil || len(due) == 0 {
			return err
		}
		n = len(due)
		ids := make([]int64, len(due))
		for i, a := range due {
			ids[i] = a.Case
		}
		list, err := many(ctx, tx, pgx.RowToStructByPos[holder], holders, ids)
		if err != nil {
			return err
		}
		byID := map[int64]holder{}
		for _, h := range list {
			byID[h.ID] = h
		}
		var jobs []river.InsertManyParams
		var b pgx.Batch
		for _, a := range due {
			mark, err := term.ParseMark(a.Mark)
			if err != nil {
				return err
			}
			told, stale := byID[a.Case].minded(a)
			b.Queue(replaceMinding, a.Case, a.Clock, a.ID, now, stale.staff, stale.queues, stale.roles)
			for _, t := range told {
				b.Queue(addAlertTask, a.Case, string(life.Minding(mark)), t.Staff, t.Queue, string(t.Role), a.ID, now).Query(func(rows pgx.Rows) error {
					made, err := pgx.CollectRows(rows, pgx.RowTo[int64])
					for _, id := range made {
						jobs = append(jobs, river.InsertManyParams{Args: alertArgs{id}})
					}
					return err
				})
			}
		}
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		if len(jobs) == 0 {
			return nil
		}
		_, err = d.jobs.InsertManyTx(ctx, tx, jobs)
		return err
	})
	if err != nil {
		n = 0
	}
	return n, wrap("tell alerts", err)
}

// minded says who is told an alert, and whose older tasks that replaces: theirs, and
// those that came to a queue or a role before they took the case on.
func (h holder) minded(a dueAlert) (told []life.Task, stale receiverColumns) {
	later := h.tasks(a.Later)
	told = slices.DeleteFunc(h.tasks(a.Receivers), func(t life.Task) bool { return slices.Contains(later, t) })
	old := told
	for _, r := range a.Receivers {
		if t := h.tasks([]string{r}); slices.Contains(told, t[0]) {
			free := h
			free.Keeper, free.Assignee = 0, 0
			old = append(slices.Clip(old), free.tasks([]string{r})...)
		}
	}
	for _, t := range old {
		stale.staff, stale.queues, stale.roles = append(stale.staff, t.Staff), append(stale.queues, t.Queue), append(stale.roles, string(t.Role))
	}
	return told, stale
}

// receiverColumns are receivers of tasks, column by column.
type receiverColumns struct {
	staff         []int64
	queues, roles []string
}

// tasks says whom the receivers of an alert are: each once. Where nobody works on
// a case yet, his queue hears of it, and before that who answers for it.
func (h holder) tasks(receivers []string) (list []life.Task) {
	seen := map[life.Task]bool{}
	add := func(t life.Task) {
		if !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	for _, r := range receivers {
		switch term.Receiver(r) {
		case term.Supervisor:
			add(life.Task{Role: staff.Supervisor})
		case term.Assignee:
			if h.Assignee != 0 {
				add(life.Task{Staff: h.Assignee})
				continue
			}
			if h.Queue != "" {
				add(life.Task{Queue: h.Queue})
				continue
			}
			fallthrough
		default:
			if h.Keeper != 0 {
				add(life.Task{Staff: h.Keeper})
			} else {
				add(life.Task{Role: life.DeskOf(appeal.Kind(h.Kind), h.About)})
			}
		}
	}
	return list
}

// alertArgs names the task of an alert.
type alertArgs struct {
	Task int64 `json:"task"`
}

func (alertArgs) Kind() string { return "warn_case" }

type alertWorker struct {
	river.WorkerDefaults[alertArgs]
	db   *DB
	work Work
}

// Work warns whose task it is, unless it is done already.
func (w *alertWorker) Work(ctx context.Context, job *river.Job[alertArgs]) error {
	if w.work.CaseAlert == nil {
		return river.JobSnooze(unhanded)
	}
	t, found, err := one(ctx, w.db.pool, scanTask, findWarning, job.Args.Task)
	if err != nil || !found {
		return wrap("find warning", err)
	}
	l, found, err := one(ctx, w.db.pool, scanLine, findLine, t.Number.String())
	if err != nil || !found {
		return wrap("find case", err)
	}
	warning := registry.Warning{Line: l.Line, Alert: *t.Alert, Task: t.ID, Staff: t.Staff, Queue: t.Queue, Role: t.Role}
	switch t.Staff {
	case 0:
	case l.Assignee:
		warning.Queue = l.Queue
	default:
		about, _, err := one(ctx, w.db.pool, pgx.RowTo[[]int64], aboutOf, t.Number.String())
		if err != nil {
			return wrap("find whom a case is about", err)
		}
		warning.Role = life.DeskOf(l.Kind, about)
	}
	return settled(w.work.CaseAlert(ctx, warning))
}

// settled gives a job up whose error is final.
func settled(err error) error {
	if err != nil && final(err) {
		return river.JobCancel(fmt.Errorf("given up: %w", err))
	}
	return err
}
