package postgres

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/payment"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog/turn"
)

// Limits of jobs (design §2).
const (
	jobTimeout = 30 * time.Second
	// A job that runs for so long has died with its replica.
	rescueAfter = 45 * time.Second
	// Of each replica; jobs wait for channels and stores, not for processors.
	jobsAtWork = 8
	// stopTimeout is how long a stop waits for jobs before it cancels them.
	stopTimeout = 5 * time.Second
)

// Work is what jobs call: the hands that this package does not have.
type Work struct {
	// Fetch opens a file of a channel. An error of kind Invalid, NotFound or
	// Denied is final, any other is tried again.
	Fetch func(ctx context.Context, channel, foreignID string) (io.ReadCloser, error)
	// Store keeps a file for its owner and returns its ID. Storing again for
	// the same owner returns the same ID; errors are taken as those of Fetch.
	Store func(ctx context.Context, f File, r io.Reader) (id string, err error)
	// Desk brings a change of a hand-off into its conversation; one that it has
	// had already means nothing.
	Desk func(ctx context.Context, c desk.Change) error
	// Notice puts a notice into words and sends it; the ID is the same however
	// often it is tried. Errors are taken as those of Fetch.
	Notice func(ctx context.Context, id string, n notice.Notice) error
	// NewLink tells a conversation of a new link to its account; one that it has
	// been told of already means nothing.
	NewLink func(ctx context.Context, n people.NewLink) error
	// Payment tells a conversation what became of its payment; what it has been
	// told of already means nothing.
	Payment func(ctx context.Context, n payment.News) error
	// Visit tells a conversation something of its visit; what it has been told of
	// already means nothing.
	Visit func(ctx context.Context, n visit.News) error
	// Carried tells a conversation that its accounts were carried elsewhere, Ended
	// that a link of its has ended; twice is once.
	Carried func(ctx context.Context, n people.Carried) error
	Ended   func(ctx context.Context, n people.Ended) error
	// CaseNews tells a customer something of his case, and returns where in his
	// conversation that stands, if it does; CaseFate says what has become of it there
	// (turn.Engine.Fate). CaseMail writes to a role,
	// CaseAlert warns that a term runs out, CaseDelivery brings an answer to the
	// customer by another way than the chat. Each may be called again with the same
	// ID; errors are taken as those of Fetch. While one is nil its jobs wait.
	CaseNews     func(ctx context.Context, n registry.News) (turn.Position, error)
	CaseFate     func(ctx context.Context, c chat.Conversation, at turn.Position) (turn.Report, error)
	CaseMail     func(ctx context.Context, m registry.Mail) error
	CaseAlert    func(ctx context.Context, w registry.Warning) error
	CaseDelivery func(ctx context.Context, d registry.Dispatch) error
}

// File is what is known of a file before it is stored.
type File struct {
	// Owner names the one thing that the file belongs to.
	Owner        string
	Conversation chat.Conversation
	Name         string
}

// Jobs works the queue.
type Jobs struct{ client *river.Client[pgx.Tx] }

// Jobs returns a worker of the queue; every replica runs one.
func (d *DB) Jobs(w Work) (*Jobs, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &fetchWorker{db: d, work: w})
	river.AddWorker(workers, &handoffWorker{db: d, work: w})
	river.AddWorker(workers, &noticeWorker{db: d, work: w})
	river.AddWorker(workers, &newLinkWorker{db: d, work: w})
	river.AddWorker(workers, &paymentWorker{db: d, work: w})
	river.AddWorker(workers, &newsWorker{db: d, work: w})
	river.AddWorker(workers, &offerWorker{db: d})
	river.AddWorker(workers, &carriedWorker{db: d, work: w})
	river.AddWorker(workers, &endedWorker{db: d, work: w})
	d.addCaseWorkers(workers, w)
	c := d.queueConfig()
	c.Workers = workers
	c.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: jobsAtWork}}
	c.JobTimeout = jobTimeout
	c.RescueStuckJobsAfter = rescueAfter
	c.SoftStopTimeout = stopTimeout
	client, err := river.NewClient(d.queueDriver(), c)
	if err != nil {
		return nil, fmt.Errorf("prepare queue: %w", err)
	}
	return &Jobs{client}, nil
}

// Run works jobs until the context ends, then lets those under way finish, for
// a few seconds. While the database is away it waits for it.
func (j *Jobs) Run(ctx context.Context) error {
	for {
		// Start fails while the server is away: there is nothing to work then.
		err := j.client.Start(context.WithoutCancel(ctx))
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*stopTimeout)
	defer cancel()
	if err := j.client.Stop(stop); err != nil {
		return wrap("stop queue", err)
	}
	return nil
}

func (d *DB) insertOnly() (*river.Client[pgx.Tx], error) {
	client, err := river.NewClient(d.queueDriver(), d.queueConfig())
	if err != nil {
		return nil, fmt.Errorf("prepare queue: %w", err)
	}
	return client, nil
}

func (d *DB) queueConfig() *river.Config {
	c := &river.Config{Logger: d.log}
	if d.clock != nil {
		c.Test.Time = movedClock{d.clock}
	}
	return c
}

// final reports whether trying again cannot help.
func final(err error) bool {
	switch fault.Of(err) {
	case fault.Invalid, fault.NotFound, fault.Denied:
		return true
	default:
		return false
	}
}
