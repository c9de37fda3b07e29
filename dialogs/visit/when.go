package visit

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// hours are those of the office that was chosen.
func (s *scenario) hours(t *dialog.Turn) (*visit.Office, calendar.Hours) {
	o, found := s.Offices.Offices().Office(office.Of(t.Answers))
	if !found { // it is gone since; the desk refuses it
		return &visit.Office{}, calendar.Hours{Zone: s.zone}
	}
	return o, o.Hours(s.Days, s.zone)
}

func dayWording(t *dialog.Turn) string {
	if len(days.Of(t.Answers)) == 0 {
		return "day_none"
	}
	return "day"
}

func (s *scenario) dayArgs(t *dialog.Turn) []words.Arg {
	o, _ := s.hours(t)
	return append(s.card(t, o), t.Contacts()...)
}

// The choices that are not days and times.
const (
	another = "another"
	wait    = "wait"
)

func dayOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, d := range days.Of(t.Answers) {
		out = append(out, dialog.Option{ID: d.String(), Label: times.Brief(t.Language(), d), Dense: true})
	}
	if len(out) == 0 {
		out = dialog.Options("day", wait)
	}
	if books(t) {
		out = append(out, dialog.Option{ID: another, Key: "day." + another, Apart: true})
	}
	return out
}

func (s *scenario) takeDay(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	_, hours := s.hours(t)
	today := calendar.DateOf(t.Event.Now, hours.Zone)
	switch t.Picked {
	case another:
		return dialog.To(office), nil
	case wait:
		return dialog.Do("wait", visit.Wish{
			Office: office.Of(t.Answers), Service: service.Of(t.Answers), First: today, Last: today.Add(s.Offices.Offices().Rules().Days),
		}), nil
	case "":
		if t.Event.Kind != dialog.Text {
			return dialog.Unclear, nil
		}
	}
	date, named := words.FindDay(t.Text, today)
	if t.Picked != "" {
		at, err := time.Parse(time.DateOnly, t.Picked)
		date, named = calendar.DateOf(at, time.UTC), err == nil
	}
	if !named {
		return dialog.Unclear, nil
	}
	list, err := s.read(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	if d, ok := offered(list, date); ok {
		takeFree(t, d)
		return dialog.Next, nil
	}
	return s.excuse(t, list, date, today), nil
}

// excuse says why a day that was named offers nothing.
func (s *scenario) excuse(t *dialog.Turn, list []visit.Day, date, today calendar.Date) dialog.Move {
	named := words.A("day", times.Brief(t.Language(), date))
	i := slices.IndexFunc(list, func(d visit.Day) bool { return d.Date == date })
	switch {
	case date.Before(today):
		return dialog.Refuse("day.past", named)
	case i < 0:
		return dialog.Refuse("day.far", named, words.A("last", times.Brief(t.Language(), today.Add(s.Offices.Offices().Rules().Days))))
	}
	d := list[i]
	if d.Why != visit.DayClosed {
		return dialog.Refuse("day."+string(d.Why), named)
	}
	why := in(t, d.Reasons)
	if why == "" && d.Calendar != calendar.Usual {
		why = t.Line("day.calendar." + string(d.Calendar))
	}
	if why == "" {
		return dialog.Refuse("day.closed", named)
	}
	return dialog.Refuse("day.closed_why", named, words.A("why", why))
}

func (s *scenario) timeArgs(t *dialog.Turn) []words.Arg {
	return []words.Arg{words.A("day", times.Brief(t.Language(), day.Of(t.Answers)))}
}

func (s *scenario) timeOptions(t *dialog.Turn) []dialog.Option {
	_, hours := s.hours(t)
	var out []dialog.Option
	for _, at := range slots.Of(t.Answers) {
		out = append(out, dialog.Option{ID: slotID(at), Label: at.In(hours.Zone).Format(clock), Dense: true})
	}
	return append(out, dialog.Option{ID: another, Key: "time." + another, Apart: true})
}

// clock is a time of day on a button.
const clock = "15:04"

// slotID names a time in a button: its minute, counted from 1970, briefly.
func slotID(at time.Time) string { return strconv.FormatInt(at.Unix()/60, 36) }

func parseSlot(id string) (time.Time, bool) {
	minute, err := strconv.ParseInt(id, 36, 64)
	return time.Unix(minute*60, 0).UTC(), err == nil
}

func (s *scenario) takeTime(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == another {
		return dialog.To(day), nil
	}
	_, hours := s.hours(t)
	free := slots.Of(t.Answers)
	if t.Picked != "" {
		i := slices.IndexFunc(free, func(at time.Time) bool { return slotID(at) == t.Picked })
		if i < 0 {
			return dialog.Unclear, nil
		}
		return s.hold(t, free[i]), nil
	}
	minutes, ok := timeOfDay(t.Text)
	if !ok {
		return dialog.Unclear, nil
	}
	at := day.Of(t.Answers).At(minutes, hours.Zone)
	if i := slices.IndexFunc(free, func(s time.Time) bool { return s.Equal(at) }); i >= 0 {
		return s.hold(t, free[i]), nil
	}
	if next := closest(free, at); len(next) > 0 {
		var texts []string
		for _, at := range next {
			texts = append(texts, at.In(hours.Zone).Format(clock))
		}
		return dialog.Refuse("time.not_free", words.A("time", at.Format(clock)), words.A("free", strings.Join(texts, ", "))), nil
	}
	return dialog.Unclear, nil
}

// timeOfDay reads a time of day: «14:30», «в 14.30», «9», «к 10 утра», «в 2 часа
// дня». Before the first hour of offices the afternoon is meant.
func timeOfDay(text string) (calendar.Minutes, bool) {
	const earliest = 7 // no office is open before
	for _, token := range strings.FieldsFunc(words.Normalise(text), func(r rune) bool { return r == ' ' || r == ',' }) {
		h, m, parted := strings.Cut(strings.NewReplacer(".", ":", "-", ":").Replace(strings.Trim(token, ".:-")), ":")
		hour, err := strconv.Atoi(h)
		minute := 0
		if err == nil && parted {
			minute, err = strconv.Atoi(m)
		}
		if err != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 || len(h) > 2 || len(m) > 2 {
			continue
		}
		if hour > 0 && hour < earliest {
			hour += 12
		}
		return calendar.Minutes(hour*60 + minute), true
	}
	return 0, false
}

// closest are the free times on both sides of one that is not.
func closest(free []time.Time, at time.Time) []time.Time {
	i, _ := slices.BinarySearchFunc(free, at, time.Time.Compare)
	return free[max(0, i-1):min(len(free), i+1)]
}

// hold keeps the time for the customer while he goes on.
func (s *scenario) hold(t *dialog.Turn, at time.Time) dialog.Move {
	start.Set(t, at)
	return dialog.Do("hold", s.choice(t))
}

func (s *scenario) choice(t *dialog.Turn) visit.Choice {
	return visit.Choice{Office: office.Of(t.Answers), Service: service.Of(t.Answers), Start: start.Of(t.Answers), Moving: which.Of(t.Answers)}
}

// held goes on, or chooses anew what has been taken meanwhile.
func (s *scenario) held(ctx context.Context, t *dialog.Turn, out visit.Outcome) (dialog.Move, error) {
	if out.Refused != "" {
		return s.refused(ctx, t, out)
	}
	until.Set(t, out.Booking.Until)
	return dialog.Next, nil
}

// refused says why the desk did not do it, and goes where it can be mended.
func (s *scenario) refused(ctx context.Context, t *dialog.Turn, out visit.Outcome) (dialog.Move, error) {
	said := t.Say("refused."+string(out.Refused), t.Contacts()...)
	switch out.Refused {
	case visit.Taken, visit.TooSoon, visit.TooFar, visit.OfficeClosed:
		list, err := s.lookUp(ctx, t)
		if err != nil {
			return dialog.Unclear, err
		}
		if d, ok := offered(list, day.Of(t.Answers)); ok {
			takeFree(t, d)
			return dialog.To(start), nil
		}
		return dialog.To(day), nil
	case visit.NotServed:
		return dialog.To(office), nil
	}
	said.Offer(t.Command("visit.mine", ""), t.Scenario("visit"), t.Menu())
	return dialog.Close, nil
}
