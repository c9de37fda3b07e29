package dialog

import (
	"context"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
)

// The timers of a conversation.
const (
	timerRemind   = "remind"
	timerSetAside = "set_aside"
	timerAlbum    = "album"
	timerDrafts   = "drafts"
)

// albumPause is how long after its last item an album counts as complete.
const albumPause = time.Second

// albumMost is the most files of one album; Telegram groups no more
// (core.telegram.org/bots/api#sendmediagroup).
const albumMost = 10

// open opens a scenario: it goes on with its form where that lies open
// already, offers a draft, or asks the first question.
func (t *Turn) open(ctx context.Context, s *Scenario) error {
	if s == nil {
		return fault.New(fault.Internal, "no such scenario")
	}
	t.visit(s)
	if s.Name != wordMenu && s.Name != wordCarry && s.Name != wordOperator {
		t.state.Latest = s.Name
	}
	if s.Form == nil {
		if err := s.Open(ctx, t); err != nil || t.showsWayBack() {
			return err
		}
		return t.restate(ctx)
	}
	if i := t.state.find(s.Name); i >= 0 {
		return t.resume(ctx, t.state.Frames[i])
	}
	if len(t.state.Frames) == depth && !t.giveWay() {
		_, err := t.sending()
		return err
	}
	f := &Frame{Scenario: s.Name, Version: s.Version, Form: t.revision, Answers: Answers{}}
	t.state.Frames = append(t.state.Frames, f)
	if d := t.state.Drafts[s.Name]; d != nil {
		delete(t.state.Drafts, s.Name)
		if t.lives(d) {
			*f = d.Frame
			f.Scenario, f.Changing, f.Listing, f.Reminded, f.Resumed = s.Name, false, false, false, true
			if f.Form == 0 {
				f.Form = t.revision
			}
			return t.ask(ctx, f)
		}
	}
	return t.start(ctx, f)
}

// showsWayBack reports whether the open form can be gone on with from what has
// been said, so that its question need not follow.
func (t *Turn) showsWayBack() bool {
	return slices.ContainsFunc(t.said, func(m *chat.Message) bool {
		return slices.ContainsFunc(m.Choices, func(c chat.Choice) bool { return c.Token == ResumeToken })
	})
}

// start asks the first question of an empty form, after what the scenario does
// at its opening.
func (t *Turn) start(ctx context.Context, f *Frame) error {
	t.enter(f)
	if s := t.scenario; s.Open != nil {
		t.first = nil
		if err := s.Open(ctx, t); err != nil {
			return err
		}
		if t.first != nil {
			return t.begin(f, t.first.slot, t.first.do)
		}
	}
	return t.proceed(ctx, f)
}

// resume brings an open form to the top.
func (t *Turn) resume(ctx context.Context, f *Frame) error {
	t.raise(f)
	return t.resumed(ctx)
}

// giveWay turns the lowest form that is not being sent into a draft.
func (t *Turn) giveWay() bool {
	for _, f := range t.state.Frames {
		if f.Doing == nil {
			t.setAside(f)
			return true
		}
	}
	return false
}

// setAside makes a draft of a form.
func (t *Turn) setAside(f *Frame) {
	t.state.drop(f)
	if len(f.Trail) == 0 {
		return
	}
	if t.state.Drafts == nil {
		t.state.Drafts = map[string]*Draft{}
	}
	t.state.Drafts[f.Scenario] = &Draft{Frame: *f, At: t.Event.Now}
}

// lives reports whether a draft is not yet to be forgotten.
func (t *Turn) lives(d *Draft) bool { return t.Event.Now.Sub(d.At) < t.book.house.SetAsideAfter }

// draft returns the newest draft, nil if there is none.
func (t *Turn) draft() (newest *Draft) {
	for _, name := range slices.Sorted(maps.Keys(t.state.Drafts)) {
		if d := t.state.Drafts[name]; t.lives(d) && d.Form != 0 && (newest == nil || d.At.After(newest.At)) {
			newest = d
		}
	}
	return newest
}

// takeUp opens a draft where it was left, on top of what is open; nil if there is
// no place for it.
func (t *Turn) takeUp(d *Draft) *Frame {
	if len(t.state.Frames) == depth && !t.giveWay() {
		return nil
	}
	f := d.Frame
	f.Reminded = false
	delete(t.state.Drafts, f.Scenario)
	t.state.Frames = append(t.state.Frames, &f)
	if t.enter(&f); f.Asked != "" && t.question(f.Asked) == nil {
		t.replace(&f)
	}
	return &f
}

// Overtake has the scenario's own form, open or set aside, looked at by what is told:
// void may change its answers, and reports whether its questions have lost their
// sense. Then it ends, and nothing is sent. One that is being sent is left alone. For
// Scenario.Told.
func (t *Turn) Overtake(void func() bool) {
	s := t.scenario
	defer t.visit(s)
	if i := t.state.find(s.Name); i >= 0 && t.state.Frames[i].Doing == nil {
		f := t.state.Frames[i]
		if t.enter(f); void() {
			t.state.drop(f)
		}
	} else if d := t.state.Drafts[s.Name]; d != nil {
		if t.enter(&d.Frame); void() {
			delete(t.state.Drafts, s.Name)
		}
	}
}

// tellDraft says below an answer, once, that a form which was begun is kept, and
// offers to go on with it.
func (t *Turn) tellDraft() {
	d, n := t.draft(), len(t.said)
	if t.state.top() != nil || d == nil || d.Told || n == 0 {
		return
	}
	d.Told = true
	m := t.said[n-1]
	m.Blocks = slices.Concat(m.Blocks, t.book.words.Say(t.lang, "draft.kept"))
	if !t.showsWayBack() {
		m.Choices = slices.Concat([]chat.Choice{t.Resume()}, m.Choices)
	}
}

// ring takes a timer that has come due. One that the state no longer holds
// means nothing.
func (t *Turn) ring(ctx context.Context) (bool, error) {
	timer, ok := t.state.Timers[t.Event.Text]
	if !ok || timer.At.After(t.Event.Now) {
		return false, nil
	}
	delete(t.state.Timers, t.Event.Text)
	f := t.state.top()
	switch t.Event.Text {
	case timerAlbum:
		return true, t.collected(ctx)
	case timerDrafts:
		maps.DeleteFunc(t.state.Drafts, func(_ string, d *Draft) bool {
			return !t.lives(d)
		})
		if t.Noted() == "" {
			t.state.Noted = nil
		}
	case timerRemind:
		if f == nil || f.Doing != nil {
			return true, nil
		}
		if at := calendar.Awake(t.Event.Now, t.book.house.Zone); at.After(t.Event.Now) { // it rang late
			t.setTimer(timerRemind, at)
			return true, nil
		}
		f.Reminded = true
		t.house("remind")
		return true, t.ask(ctx, f)
	case timerSetAside:
		for len(t.state.Frames) > 0 && t.giveWay() {
		}
		t.state.Offer, t.state.Labels = nil, nil
	}
	return true, nil
}

// collect keeps an item of an album until the last has come: nothing has for a
// while, another album begins, or it is full.
func (t *Turn) collect(ctx context.Context) error {
	if a := t.state.Album; a != nil && a.ID != t.Event.Album {
		item, text := t.Event, t.Text
		if err := t.collected(ctx); err != nil {
			return err
		}
		t.Event, t.Text = item, text
	}
	a := t.state.Album
	if a == nil {
		a = &Album{ID: t.Event.Album, Foreign: t.Event.Foreign}
		t.state.Album = a
	}
	a.Files = append(a.Files, t.Event.Files...)
	if t.Text != "" && chat.Units(t.Text) <= longest {
		a.Text = t.Text
	}
	if len(a.Files) >= albumMost {
		delete(t.state.Timers, timerAlbum)
		return t.collected(ctx)
	}
	t.setTimer(timerAlbum, t.Event.Now.Add(albumPause))
	return nil
}

// collected answers an album once, as if all its files had come in one message.
func (t *Turn) collected(ctx context.Context) error {
	a := t.state.Album
	if a == nil {
		return nil
	}
	t.state.Album = nil
	t.Event.Kind, t.Event.Files, t.Event.Foreign, t.Text = Upload, a.Files, a.Foreign, a.Text
	return t.receive(ctx)
}

func (t *Turn) setTimer(name string, at time.Time) {
	if t.state.Timers == nil {
		t.state.Timers = map[string]Timeout{}
	}
	t.state.Timers[name] = Timeout{At: at, Revision: t.revision}
}

// settle leaves the state as the next turn wants to find it: what the last
// message offers, and the timers of the question at work.
func (t *Turn) settle() {
	t.remember()
	if n := len(t.said); n > 0 {
		t.said[n-1].Prompt = t.said[n-1].Prompt && n == 1
	}
	t.keepDrafts()
	if t.Event.Kind.FromCustomer() {
		if !t.missed {
			t.state.Misses = 0
		}
		if t.toast == "" {
			t.state.Toasted = nil
		}
	}
	f := t.state.top()
	if f == nil || f.Doing != nil {
		delete(t.state.Timers, timerRemind)
		delete(t.state.Timers, timerSetAside)
		return
	}
	if t.state.held() { // the form waits in silence
		delete(t.state.Timers, timerRemind)
		return
	}
	switch t.Event.Kind {
	case Timer, Delayed, Operator, Resend, Note, Speaks, Tell:
		return
	}
	end := t.Event.Now.Add(t.book.house.SetAsideAfter)
	t.setTimer(timerSetAside, end)
	delete(t.state.Timers, timerRemind)
	if at := calendar.Awake(t.Event.Now.Add(t.book.house.RemindAfter), t.book.house.Zone); !f.Reminded && at.Before(end) {
		t.setTimer(timerRemind, at)
	}
}

// remember keeps what the last message offers.
func (t *Turn) remember() {
	n := len(t.said)
	if n == 0 {
		return
	}
	t.state.Offer, t.state.Labels = nil, nil
	for i, c := range t.said[n-1].Choices {
		t.state.Offer = append(t.state.Offer, c.Token)
		if mark := t.fingerprint(c); mark != 0 {
			t.state.Labels = append(t.state.Labels, make([]uint32, i-len(t.state.Labels))...)
			t.state.Labels = append(t.state.Labels, mark)
		}
	}
}

// fingerprint returns what a choice's label is recognised by, 0 if its words mean
// the choice at any time, or are read by the form that asks for them.
func (t *Turn) fingerprint(c chat.Choice) uint32 {
	typed := words.Normalise(c.Label)
	meaning, known := t.book.phrases[typed]
	if !strings.HasPrefix(c.Token, "c:") || typed == "" || known && (meaning == c.Token || "c:"+meaning == c.Token) {
		return 0
	}
	return fingerprint(typed)
}

// fingerprint is 32 bits of a normalised text: a list that stands last has a
// dozen choices, and a text that is none of them is taken for one once in
// hundreds of millions.
func fingerprint(typed string) uint32 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, typed)
	return h.Sum32()
}

// keepDrafts sets the timer that drops the oldest draft, and what was noted.
func (t *Turn) keepDrafts() {
	delete(t.state.Timers, timerDrafts)
	var first time.Time
	if t.state.Noted != nil {
		first = t.state.Noted.At
	}
	for _, d := range t.state.Drafts {
		if first.IsZero() || d.At.Before(first) {
			first = d.At
		}
	}
	if !first.IsZero() {
		t.setTimer(timerDrafts, first.Add(t.book.house.SetAsideAfter))
	}
}

// withMenu shows the main menu under what has just been said.
func (t *Turn) withMenu(ctx context.Context) error {
	before := len(t.said)
	if err := t.showMenu(ctx); err != nil || before == 0 || len(t.said) == before {
		return err
	}
	lead := t.said[before-1]
	t.said[before].Blocks = slices.Concat(lead.Blocks, t.said[before].Blocks)
	t.said = append(t.said[:before-1], t.said[before:]...)
	return nil
}
