package dialog

import (
	"context"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// The timers of a conversation.
const (
	timerRemind   = "remind"
	timerSetAside = "set_aside"
	timerAlbum    = "album"
)

// albumPause is how long after its last item an album counts as complete.
const albumPause = time.Second

// draftLife is how long a draft is offered again.
const draftLife = 7 * 24 * time.Hour

// Reminders keep quiet from 21:00 to 09:00 in the company's zone
// (spec/domain.md §4.4).
const (
	quietFrom  = 21
	quietUntil = 9
)

// open opens a scenario: it goes on with its form where that lies open
// already, offers a draft, or asks the first question.
func (t *Turn) open(ctx context.Context, s *Scenario) error {
	if s == nil {
		return fault.New(fault.Internal, "no such scenario")
	}
	t.scenario = s
	if s.Form == nil {
		return s.Open(ctx, t)
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
	t.enter(f)
	if d := t.state.Drafts[s.Name]; d != nil {
		delete(t.state.Drafts, s.Name)
		if t.Event.Now.Sub(d.At) < draftLife && d.Version == s.Version && len(d.Trail) > 0 {
			f.Answers, f.Trail, f.Resumed = d.Answers, d.Trail, true
			return t.ask(ctx, f)
		}
	}
	if s.Open != nil {
		if err := s.Open(ctx, t); err != nil {
			return err
		}
	}
	if t.state.find(s.Name) < 0 { // it closed itself
		return nil
	}
	return t.proceed(ctx, f)
}

// resume brings an open form to the top.
func (t *Turn) resume(ctx context.Context, f *Frame) error {
	t.state.drop(f)
	t.state.Frames = append(t.state.Frames, f)
	if f.Doing != nil {
		_, err := t.sending()
		return err
	}
	return t.ask(ctx, f)
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
	t.state.Drafts[f.Scenario] = &Draft{Version: f.Version, Answers: f.Answers, Trail: f.Trail, At: t.Event.Now}
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
	case timerRemind:
		if f == nil || f.Doing != nil {
			return true, nil
		}
		f.Reminded = true
		t.house("remind")
		return true, t.ask(ctx, f)
	case timerSetAside:
		for len(t.state.Frames) > 0 && t.giveWay() {
		}
		t.state.Offer = nil
	}
	return true, nil
}

// collect keeps an item of an album until the last has come.
func (t *Turn) collect() (bool, error) {
	a := t.state.Album
	if a == nil || a.ID != t.Event.Album {
		a = &Album{ID: t.Event.Album, Foreign: t.Event.Foreign}
		t.state.Album = a
	}
	a.Files = append(a.Files, t.Event.Files...)
	if t.Text != "" {
		a.Text = t.Text
	}
	t.setTimer(timerAlbum, t.Event.Now.Add(albumPause))
	return true, nil
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
	if n := len(t.said); n > 0 {
		t.state.Offer = nil
		for _, c := range t.said[n-1].Choices {
			t.state.Offer = append(t.state.Offer, c.Token)
		}
		t.said[n-1].Prompt = t.said[n-1].Prompt && len(t.said) == 1
	}
	if t.Event.Kind.FromCustomer() && !t.missed {
		t.state.Misses = 0
	}
	f := t.state.top()
	if f == nil || f.Doing != nil {
		delete(t.state.Timers, timerRemind)
		delete(t.state.Timers, timerSetAside)
		return
	}
	if !t.Event.Kind.FromCustomer() && t.Event.Kind != Done {
		return
	}
	t.setTimer(timerSetAside, t.Event.Now.Add(t.book.house.SetAsideAfter))
	if !f.Reminded {
		t.setTimer(timerRemind, t.book.house.wake(t.Event.Now.Add(t.book.house.RemindAfter)))
	}
}

// wake moves an instant out of the quiet hours.
func (h House) wake(at time.Time) time.Time {
	local := at.In(h.Zone)
	morning := time.Date(local.Year(), local.Month(), local.Day(), quietUntil, 0, 0, 0, h.Zone)
	switch {
	case local.Hour() < quietUntil:
		return morning
	case local.Hour() >= quietFrom:
		return morning.AddDate(0, 0, 1)
	default:
		return at
	}
}

// upgrade brings forms saved by older versions to the current one. A form
// saved by a newer version is left to a replica that knows it.
func (t *Turn) upgrade() error {
	for i := 0; i < len(t.state.Frames); i++ {
		f := t.state.Frames[i]
		s := t.book.scenarios[f.Scenario]
		if s == nil || s.Form == nil {
			t.state.drop(f)
			t.house("gone")
			i--
			continue
		}
		if f.Version > s.Version {
			return fault.New(fault.Unavailable, "state of a newer version of "+s.Name)
		}
		for ; f.Version < s.Version; f.Version++ {
			if up := s.Upgrade[f.Version]; up != nil {
				up(f.Answers)
			}
		}
		if f.Asked != "" && s.Form.question(f.Asked) == nil {
			if err := t.replace(f, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// replace finds another question for a form whose own no longer exists, and
// says so once.
func (t *Turn) replace(f *Frame, s *Scenario) error {
	f.Turns++
	f.Changing, f.Listing = false, false
	t.enter(f)
	f.Asked = ""
	for i := range s.Form.Questions {
		q := &s.Form.Questions[i]
		if !f.Answers.Has(q.Slot) && t.needed(q) {
			f.Asked = q.Slot
			break
		}
	}
	t.house("changed")
	return nil
}

// withMenu shows the main menu under what has just been said.
func (t *Turn) withMenu(ctx context.Context) error {
	before := len(t.said)
	if err := t.showMenu(ctx); err != nil || before == 0 || len(t.said) == before {
		return err
	}
	lead := t.said[before-1]
	t.said[before].Blocks = append(append([]chat.Block{}, lead.Blocks...), t.said[before].Blocks...)
	t.said = append(t.said[:before-1], t.said[before:]...)
	return nil
}
