package postgres_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog/turn"
)

// hands is what the jobs of cases call, in tests.
type hands struct {
	news     []registry.News
	mails    []registry.Mail
	warnings []registry.Warning
	sent     []registry.Dispatch
	work     chan func()
	// fate is what becomes of what is said in the chat; nil: it is sent.
	fate atomic.Pointer[turn.Report]
}

func (h *hands) jobs() postgres.Work {
	h.work = make(chan func(), 100)
	in := func(do func()) error { h.work <- do; return nil }
	return postgres.Work{
		CaseNews: func(_ context.Context, n registry.News) (turn.Position, error) {
			return turn.Position{Revision: 7}, in(func() { h.news = append(h.news, n) })
		},
		CaseFate: func(context.Context, chat.Conversation, turn.Position) (turn.Report, error) {
			if report := h.fate.Load(); report != nil {
				return *report, nil
			}
			return turn.Report{Fate: turn.Sent}, nil
		},
		CaseMail: func(_ context.Context, m registry.Mail) error { return in(func() { h.mails = append(h.mails, m) }) },
		CaseAlert: func(_ context.Context, w registry.Warning) error {
			return in(func() { h.warnings = append(h.warnings, w) })
		},
		CaseDelivery: func(_ context.Context, d registry.Dispatch) error {
			_ = in(func() { h.sent = append(h.sent, d) })
			if d.Delivery.Attempt == 1 {
				return fault.New(fault.Invalid, "no such mailbox")
			}
			return nil
		},
		Fetch: func(_ context.Context, channel, id string) (io.ReadCloser, error) {
			if id == "gone" {
				return nil, fault.New(fault.NotFound, "it is gone")
			}
			return io.NopCloser(strings.NewReader(channel + " " + id)), nil
		},
	}
}

// see waits for one thing to be done.
func (h *hands) see(t testing.TB) {
	t.Helper()
	select {
	case did := <-h.work:
		did()
	case <-time.After(time.Minute):
		t.Fatal("nobody was told")
	}
}

// An application is mailed at once, its file fetched, its answer sent by e-mail;
// what fails is told, and sent again when somebody wants it; the schedule closes it.
func TestCaseIsTold(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	h := &hands{}
	w := h.jobs()
	w.Store = func(ctx context.Context, f postgres.File, r io.Reader) (string, error) {
		id := "f:" + f.Owner
		if err := b.AddFile(ctx, id, f.Owner, f.Conversation); err != nil {
			return "", err
		}
		return id, b.FinishFile(ctx, id, 1, "k", []byte{1}, []byte{1})
	}
	stop := b.running(t, w)

	f := filing(appeal.Application)
	f.Category = "З-5"
	f.Answers = f.Answers.With(appeal.AnswerWay, "email").With(appeal.Email, "ivanova@post.example").With("account", "0145201372").With("residents_proof", "AgAC-1")
	f.Files = []chat.File{{ID: "AgAC-1", Name: "паспорт.jpg"}, {ID: "gone", Name: "чек.pdf"}}
	done, err := b.RegisterCase(t.Context(), b.click(asker), f)
	must(t, err)
	n := done.Number
	h.see(t)
	h.see(t)
	if len(h.news) != 1 || h.news[0].Event != life.Register || h.news[0].ID() != "case/"+n.String()+"/1" || h.news[0].Conversation != asker ||
		len(h.mails) != 1 || h.mails[0].Role != "application_router" || h.mails[0].Promise.Last != done.Due.Last || h.mails[0].Number != n {
		t.Fatalf("%+v, %+v", h.news, h.mails)
	}
	h.see(t)
	if len(h.news) != 2 || h.news[1].Event != life.Drop || h.news[1].Conversation != asker || !h.news[1].Rings() {
		t.Fatalf("of the file that is gone: %+v", h.news)
	}
	if lost := h.news[1].Entry.Do.Lost; len(lost) != 1 || lost[0].Name.Reveal() != "чек.pdf" || lost[0].Why != life.NotCome {
		t.Errorf("lost: %+v", lost)
	}
	eventually(t, func() bool {
		r, err := b.FindCase(t.Context(), n)
		return err == nil && len(r.Files) == 2 && r.Files[0].ID != "" && r.Files[0].Came == "AgAC-1" && r.Files[1].Failed == life.NotCome
	})
	h.news = h.news[:1]
	if _, err := b.SweepFiles(t.Context(), b.now().AddDate(1, 0, 0), "case/"); err != nil {
		t.Fatal(err)
	}
	reply := b.reply(t, n, "router")
	b.does(t, "router", n, life.Do{Event: life.Answer, Reply: reply})
	h.see(t)
	h.see(t)
	if len(h.news) != 2 || h.news[1].Reply.ID != reply || len(h.sent) != 1 || h.sent[0].Delivery.Way != "email" || h.sent[0].Reply.Text.Reveal() != "Ответ" {
		t.Fatalf("%+v, %+v", h.news, h.sent)
	}
	status := func() string {
		list, err := b.Deliveries(t.Context(), reply)
		must(t, err)
		var said []string
		for _, d := range list {
			said = append(said, d.Way+" "+string(d.Status)+" "+d.Why)
		}
		return strings.Join(said, ", ")
	}
	eventually(t, func() bool { return status() == "email failed invalid" })
	resend := func(way string, again bool) error {
		_, err := b.act(t, "router", n, life.Do{Event: life.Resend, Reply: reply, Way: way, Again: again})
		return err
	}
	must(t, resend("email", false))
	h.see(t)
	eventually(t, func() bool { return status() == "email failed invalid, email sent " })
	if h.sent[1].Delivery.ID() != reply+"/email/2" {
		t.Errorf("%+v", h.sent[1])
	}
	if err := resend("email", false); !errors.Is(err, registry.ErrDelivered) {
		t.Errorf("a second letter that nobody meant: %v", err)
	}
	must(t, resend("chat", false))
	h.see(t)
	if len(h.news) != 3 || h.news[2].Again != 1 || h.news[2].ID() == h.news[1].ID() {
		t.Errorf("%+v", h.news[2])
	}
	eventually(t, func() bool { return status() == "chat sent , email failed invalid, email sent " })
	for _, way := range []string{"pigeon", "", "post", "phone"} { // he has said no postal address
		if err := resend(way, true); !errors.Is(err, registry.ErrWay) {
			t.Errorf("sent by %q: %v", way, err)
		}
	}
	lines, err := b.ListAudit(t.Context(), audit.Filter{Act: audit.CaseResend, Limit: 10})
	if err != nil || len(lines) != 2 || lines[0].After["way"] != "chat" || lines[1].After["way"] != "email" || lines[1].After["reply"] != reply {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
	stop()                       // a queue that sees its clock jump takes long to believe it
	b.set(t, "2026-12-05 12:00") // two weeks and a day
	stop = b.running(t, w)
	defer stop()
	eventually(t, func() bool {
		r, err := b.FindCase(t.Context(), n)
		return err == nil && r.State == life.Closed
	})
	b.set(t, "2026-12-05 12:01")
	if _, err := b.SaveReply(t.Context(), audit.Entry{Staff: b.people["router"].Staff}, registry.Reply{ID: reply, Number: n, Text: words("Иначе")}); !errors.Is(err, registry.ErrFinal) {
		t.Errorf("an answer that was given is changed: %v", err)
	}
	month := indicator.Span{From: b.now().AddDate(0, -1, 0), To: b.now()}
	list, err := b.CountedCases(t.Context(), month, b.now())
	if err != nil || len(list) != 1 || list[0].Kind != appeal.Application || !list[0].Answered.Before(list[0].Due) {
		t.Errorf("%+v, %v", list, err)
	}
	if rows := indicator.Count(slices.Values(list), month, indicator.ByKind); len(rows) != 1 || rows[0].InTime != (indicator.Share{Part: 1, Whole: 1}) {
		t.Errorf("%+v", rows)
	}
}

// A case whose term is over counts in the span in which it ended, up to its last day,
// and not before; its answer counts where it was given, and takes nothing back.
func TestCountedCases(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	n := b.file(t, appeal.Question)
	r, err := b.FindCase(t.Context(), n)
	must(t, err)
	late := r.Clocks[term.Answer].At
	day := 24 * time.Hour
	ended, after := indicator.Span{From: late.Add(-30 * day), To: late}, indicator.Span{From: late, To: late.Add(30 * day)}
	owed := indicator.Row{Group: "question", InTime: indicator.Share{Whole: 1}}
	given := indicator.Row{Group: "question", Answered: 1, Median: 7 * day, Tenth: 7 * day}
	look := func(name string, s indicator.Span, now time.Time, want ...indicator.Row) {
		t.Helper()
		list, err := b.CountedCases(t.Context(), s, now)
		must(t, err)
		if diff := cmp.Diff(want, indicator.Count(slices.Values(list), s, indicator.ByKind), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	both := indicator.Span{From: ended.From, To: after.To}
	look("before its term is over", both, late.Add(-time.Second))
	look("over", both, late, owed)
	look("over with the span", ended, late.Add(90*day), owed)
	look("the span after", after, late.Add(90*day))
	b.set(t, "2026-11-27 12:00")
	b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: b.reply(t, n, "reception")})
	look("answered later", ended, late.Add(90*day), owed)
	look("where the answer was given", after, late.Add(90*day), given)
	given.InTime = owed.InTime
	look("once in both", both, late.Add(90*day), given)
}

// running works jobs until it is told to stop.
func (b *bureau) running(t testing.TB, w postgres.Work) (stop func()) {
	t.Helper()
	jobs, err := b.Jobs(w)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// A short answer goes to everybody when a second person has read it, makes a new
// version of the content, and goes again.
func TestPublication(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	must(t, b.AddArticles(t.Context(), knowledge.Published()))
	section := knowledge.Published().Categories[0].ID
	n := b.file(t, appeal.Question)
	step := func(login string, s life.Step, x registry.Excerpt, revision int) (registry.Publication, error) {
		return b.PublishCase(t.Context(), b.click(""), registry.PublicationAct{
			Number: n, Revision: revision, Step: s, Excerpt: x, By: b.people[login], Reason: "так надо",
		})
	}
	x := registry.Excerpt{Section: section, Audience: knowledge.Individuals, Lang: "ru", Question: "Почему вырос счёт?", Answer: "Из-за перерасчёта."}
	if _, err := step("reception", life.ProposeIt, x, 0); !errors.Is(err, life.ErrState) {
		t.Errorf("published before it was answered: %v", err)
	}
	b.does(t, "reception", n, life.Do{Event: life.Answer, Reply: b.reply(t, n, "reception")})
	empty := x
	empty.Section = "nowhere"
	if _, err := step("reception", life.ProposeIt, empty, 0); !errors.Is(err, registry.ErrExcerpt) {
		t.Errorf("in no section: %v", err)
	}
	if _, err := step("reception", life.ProposeIt, x, 1); !errors.Is(err, registry.ErrMoved) {
		t.Errorf("a case that has moved: %v", err)
	}
	version := func() int64 {
		v, err := b.ContentVersion(t.Context())
		must(t, err)
		return v
	}
	before := version()
	if p, err := step("reception", life.ProposeIt, x, 2); err != nil || p.Stage != life.Proposed || p.Excerpt != x {
		t.Fatalf("%+v, %v", p, err)
	}
	b.expect(t, "editor", "publish")
	if _, err := step("reception", life.ApproveIt, x, 0); !errors.Is(err, life.ErrRole) {
		t.Errorf("approved by a role that may not: %v", err)
	}
	p, err := step("editor", life.ApproveIt, registry.Excerpt{}, 0)
	if err != nil || p.Stage != life.Published || p.Excerpt != x || p.Published.IsZero() || version() == before {
		t.Fatalf("%+v, %v", p, err)
	}
	b.expect(t, "editor")
	list, err := b.Publications(t.Context(), life.Published, 10)
	if err != nil || len(list) != 1 || !cmp.Equal(list[0], p) {
		t.Fatalf("%+v, want %+v, %v", list, p, err)
	}
	before = version()
	if p, err := step("supervisor", life.RetractIt, x, 0); err != nil || p.Stage != life.Retracted || p.Reason == "" || version() == before {
		t.Errorf("%+v, %v", p, err)
	}
	if list, err := b.Publications(t.Context(), life.Published, 10); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	r, err := b.FindCase(t.Context(), n)
	if err != nil || r.Revision != 5 || r.Publication.Stage != life.Retracted || r.History[3].Publication != life.ApproveIt {
		t.Errorf("%+v, %v", r, err)
	}
	if got := count(t, b.conn, `SELECT count(*) FROM audit WHERE did = 'case_publish'`); got != 3 {
		t.Errorf("%d lines of the audit", got)
	}
}
