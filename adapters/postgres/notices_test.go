package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

func code(t *testing.T) notice.Notice {
	t.Helper()
	p, err := privacy.ParsePhone("+7 000 000-00-01")
	if err != nil {
		t.Fatal(err)
	}
	return notice.Notice{
		Kind: "link_code", Phone: p, Lang: "ru", Facts: map[string]string{"code": "042117"}, Until: noon.Add(10 * time.Minute),
	}
}

// postman takes what is sent and answers as he is told.
type postman struct {
	mu      sync.Mutex
	answers []error
	ids     []string
	had     []notice.Notice
}

func (p *postman) send(_ context.Context, id string, n notice.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ids, p.had = append(p.ids, id), append(p.had, n)
	if len(p.answers) == 0 {
		return nil
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return answer
}

func (p *postman) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.had)
}

const unsettled = `SELECT count(*) FROM notices WHERE settled_at IS NULL`

// A notice goes out as it was given, sealed until then and forgotten after.
func TestANoticeGoesOut(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	now := newClock(noon)
	d := pgtest.Connect(t, url, func(c *postgres.Config) { c.Sealer, c.Now = reversed{}, now.Now })
	conn := pgtest.Conn(t, url)
	must(t, d.Notify(t.Context(), code(t)))
	var body []byte
	must(t, conn.QueryRow(t.Context(), `SELECT body FROM notices`).Scan(&body))
	if strings.Contains(string(body), "042117") || strings.Contains(string(body), "7000") {
		t.Errorf("it lies open: %s", body)
	}
	var p postman
	work(t, d, postgres.Work{Notice: p.send})
	eventually(t, func() bool { return count(t, conn, unsettled) == 0 })
	if diff := cmp.Diff([]notice.Notice{code(t)}, p.had); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if n := count(t, conn, `SELECT count(*) FROM notices WHERE body IS NULL AND why = '' AND tries = 1`); n != 1 {
		t.Error("what was sent is still there")
	}
}

// What may pass is tried again under the same ID; what is final is not.
func TestANoticeInTrouble(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	now := newClock(noon)
	d := pgtest.Connect(t, url, func(c *postgres.Config) { c.Now = now.Now })
	conn := pgtest.Conn(t, url)
	p := postman{answers: []error{fault.New(fault.Unavailable, "busy"), errors.New("odd")}}
	work(t, d, postgres.Work{Notice: p.send})
	n := code(t)
	n.Until = time.Time{}
	must(t, d.Notify(t.Context(), n))
	for want := 1; want <= 3; want++ {
		eventually(t, func() bool { now.advance(time.Second); return p.count() >= want })
	}
	eventually(t, func() bool { return count(t, conn, unsettled) == 0 })
	if p.ids[0] != p.ids[1] || p.ids[1] != p.ids[2] || p.ids[0] == "" {
		t.Errorf("IDs: %q", p.ids)
	}

	p.mu.Lock()
	p.answers = []error{fault.New(fault.Invalid, "no such subscriber")}
	p.mu.Unlock()
	must(t, d.Notify(t.Context(), n))
	eventually(t, func() bool {
		return count(t, conn, `SELECT count(*) FROM notices WHERE why = 'invalid' AND body IS NULL`) == 1
	})
	if p.count() != 4 {
		t.Errorf("tried %d times in all", p.count())
	}
}

// A code that comes too late is not sent at all.
func TestALateNotice(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	now := newClock(noon.Add(11 * time.Minute))
	d := pgtest.Connect(t, url, func(c *postgres.Config) { c.Now = now.Now })
	conn := pgtest.Conn(t, url)
	must(t, d.Notify(t.Context(), code(t)))
	var p postman
	work(t, d, postgres.Work{Notice: p.send})
	eventually(t, func() bool { return count(t, conn, `SELECT count(*) FROM notices WHERE why = 'too_late'`) == 1 })
	if p.count() != 0 {
		t.Error("it was sent")
	}
	if n, err := d.DropNotices(t.Context(), now.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
}

// A notice belongs to its transaction: what is taken back is never sent. And a
// job names it alone.
func TestANoticeOfATransaction(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url)
	conn := pgtest.Conn(t, url)
	must(t, d.Notify(t.Context(), code(t)))
	var args string
	must(t, conn.QueryRow(t.Context(), `SELECT args::text FROM river_job WHERE kind = 'send_notice'`).Scan(&args))
	if args != `{"notice": 1}` {
		t.Errorf("the job says %s", args)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Notify(ctx, code(t)); err == nil {
		t.Error("taken after its context had ended")
	}
	if n := count(t, conn, `SELECT count(*) FROM notices`); n != 1 {
		t.Errorf("%d notices", n)
	}
}
