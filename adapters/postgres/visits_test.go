package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

// at is an instant on the clocks of the demo's offices.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, pgtest.Zone)
	must(t, err)
	return when.UTC()
}

// order is a visit of somebody whose phone ends in two digits.
func order(t testing.TB, office, service, start string, phone int) visit.Order {
	t.Helper()
	p, err := privacy.ParsePhone(fmt.Sprintf("+7 900 000-00-%02d", phone))
	must(t, err)
	return visit.Order{
		Choice: visit.Choice{Office: office, Service: service, Start: at(t, start)},
		Name:   privacy.NewPersonName("Иванова Анна Петровна"), Phone: p, Lang: "ru",
	}
}

func (l *linker) book(t *testing.T, c chat.Conversation, o visit.Order) visit.Outcome {
	t.Helper()
	done, err := l.Book(t.Context(), l.effect(c), o)
	must(t, err)
	return done
}

func (l *linker) mustBook(t *testing.T, c chat.Conversation, o visit.Order) visit.Booking {
	t.Helper()
	done := l.book(t, c, o)
	if done.Refused != "" {
		t.Fatalf("%s at %s: refused as %s", o.Service, o.Start, done.Refused)
	}
	return done.Booking
}

// free lists what an office offers on a day: "10:00 10:15×2", or why nothing.
func (l *linker) free(t *testing.T, c chat.Conversation, office, service, day string) string {
	t.Helper()
	days, refused, err := l.VisitDays(t.Context(), visit.Query{Conversation: c, Office: office, Service: service, Now: l.now()})
	must(t, err)
	if refused != "" {
		return string(refused)
	}
	for _, d := range days {
		if d.Date.String() != day {
			continue
		}
		if d.Why != "" {
			return string(d.Why)
		}
		var list []string
		for _, s := range d.Slots {
			text := s.Start.In(pgtest.Zone).Format("15:04")
			if len(s.Windows) > 1 {
				text += fmt.Sprintf("×%d", len(s.Windows))
			}
			list = append(list, text)
		}
		return strings.Join(list, " ")
	}
	return "not among the days"
}

// newOffice is a database whose clock shows a time in the demo's offices.
func newOffice(t *testing.T, now string) *linker {
	t.Helper()
	l := newLinker(t)
	l.after.Store(int64(at(t, now).Sub(noon)))
	return l
}

func TestBook(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	o := order(t, "06", "charges", "2026-11-26 10:15", 1)
	if got := l.free(t, "tg:1", "06", "charges", "2026-11-26"); got != "10:00 10:15 10:45 11:15 11:30 12:00 12:30 12:45 13:15 13:45" {
		t.Fatalf("an empty day: %s", got)
	}
	e := l.effect("tg:1")
	done, err := l.Book(t.Context(), e, o)
	must(t, err)
	b := done.Booking
	want := visit.Booking{
		ID: b.ID, Conversation: "tg:1", Office: "06", Service: "charges", Window: 1, Start: o.Start, End: o.Start.Add(15 * time.Minute),
		Status: visit.Booked, Name: o.Name, Phone: o.Phone, Lang: "ru", Code: b.Code,
	}
	if diff := cmp.Diff(want, b); diff != "" || done.Refused != "" || len(b.Code) != 4 {
		t.Errorf("refused: %q, code %q (-want +got):\n%s", done.Refused, b.Code, diff)
	}
	if list, err := l.Bookings(t.Context(), "tg:1", l.now()); err != nil || !cmp.Equal(list, []visit.Booking{b}) {
		t.Errorf("listed: %+v, %v", list, err)
	}
	again, err := l.Book(t.Context(), e, o)
	if again.Booking.Name, again.Booking.Phone = o.Name, o.Phone; err != nil || !cmp.Equal(again, done) {
		t.Errorf("the same effect again: %+v, %v", again, err)
	}
	if got := l.free(t, "tg:2", "06", "charges", "2026-11-26"); got != "10:00 10:45 11:15 11:30 12:00 12:30 12:45 13:15 13:45" {
		t.Errorf("after the booking: %s", got)
	}
	if got := l.book(t, "tg:2", order(t, "06", "charges", "2026-11-26 10:15", 2)); got.Refused != visit.Taken {
		t.Errorf("the slot is given twice: %+v", got)
	}
	for _, c := range []struct {
		office, service, start string
		want                   visit.Refusal
	}{
		{"06", "charges", "2026-11-26 10:30", visit.Taken}, // for walk-ins
		{"06", "charges", "2026-12-01 10:00", visit.OfficeClosed},
		{"06", "charges", "2026-12-17 10:00", visit.TooFar},
		{"05", "charges", "2026-11-23 10:00", visit.TooSoon},
		{"06", "contract", "2026-11-26 10:00", visit.NotServed},
		{"99", "charges", "2026-11-26 10:00", visit.NotServed},
		{"07", "charges", "2026-11-26 10:00", visit.OfficeClosed}, // the last Thursday
		{"01", "charges", "0001-01-01 10:00", visit.OfficeClosed}, // a holiday even then
		{"01", "charges", "0000-12-12 10:00", visit.TooSoon},
		{"01", "charges", "9999-12-30 10:00", visit.TooFar},
	} {
		if got := l.book(t, "tg:2", order(t, c.office, c.service, c.start, 2)); got.Refused != c.want || got.Booking.ID != 0 {
			t.Errorf("%s in %s at %s: %+v", c.service, c.office, c.start, got)
		}
	}
}

// A person has two visits ahead, by whatever conversation or phone he comes.
func TestVisitsPerPerson(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	first := l.mustBook(t, "tg:1", order(t, "01", "charges", "2026-11-26 10:00", 1))
	l.mustBook(t, "web:1", order(t, "01", "charges", "2026-11-26 11:00", 1))
	for _, c := range []struct {
		conversation chat.Conversation
		phone        int
		want         visit.Refusal
	}{{"tg:9", 1, visit.TooMany}, {"tg:1", 1, visit.TooMany}, {"tg:1", 7, ""}, {"tg:1", 8, visit.TooMany}} {
		if got := l.book(t, c.conversation, order(t, "01", "charges", "2026-11-27 10:00", c.phone)); got.Refused != c.want {
			t.Errorf("%s, phone %d: %q, want %q", c.conversation, c.phone, got.Refused, c.want)
		}
	}
	if done, err := l.CancelBooking(t.Context(), l.effect("tg:1"), first.ID); err != nil || done.Refused != "" {
		t.Fatalf("cancel: %+v, %v", done, err)
	}
	if got := l.book(t, "tg:9", order(t, "01", "charges", "2026-11-27 12:00", 1)); got.Refused != "" {
		t.Errorf("one was cancelled: %q", got.Refused)
	}
	l.wait(72 * time.Hour)
	if got := l.book(t, "tg:9", order(t, "01", "charges", "2026-11-30 12:00", 1)); got.Refused != "" {
		t.Errorf("they are over: %q", got.Refused)
	}
}

// Of very many who want one time at once, as many get it as there are windows.
func TestOneSlotForVeryMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		office string
		want   int64
	}{{"06", 1}, {"01", 2}} {
		l := newOffice(t, "2026-11-24 09:00")
		replicas := []*postgres.DB{l.DB, pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now = l.now })}
		capacity := strings.Count(l.free(t, "tg:1", c.office, "charges", "2026-11-26"), "10:00×2") + 1
		var booked, taken atomic.Int64
		together(500, func(i int) {
			who := chat.Conversation(fmt.Sprintf("tg:%d", i))
			o := visit.Order{Choice: visit.Choice{Office: c.office, Service: "charges", Start: at(t, "2026-11-26 10:00")}, Lang: "ru"}
			done, err := replicas[i%2].Book(t.Context(), l.effect(who), o)
			switch {
			case err != nil:
				t.Error(err)
			case done.Refused == "":
				booked.Add(1)
			case done.Refused == visit.Taken:
				taken.Add(1)
			default:
				t.Errorf("refused as %s", done.Refused)
			}
		})
		if booked.Load() != int64(capacity) || booked.Load() != c.want || taken.Load() != 500-booked.Load() {
			t.Errorf("office %s: %d of %d got it, %d heard that it is taken", c.office, booked.Load(), capacity, taken.Load())
		}
	}
}

// What the program forgets to ask, the table refuses.
func TestTheTableRefusesToBookTwice(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	l.mustBook(t, "tg:1", order(t, "06", "account", "2026-11-26 10:00", 1))
	const add = `INSERT INTO visits (office, service, window_number, day, starts_at, ends_at, status, at)
		VALUES ('06', 'charges', $1, '2026-11-26', $2, $3, 'booked', now())`
	for _, c := range []struct {
		window     int
		start, end string
		free       bool
	}{
		{1, "2026-11-26 10:29", "2026-11-26 10:45", false},
		{1, "2026-11-26 09:00", "2026-11-26 12:00", false},
		{2, "2026-11-26 10:00", "2026-11-26 10:30", true},
		{1, "2026-11-26 10:30", "2026-11-26 10:45", true},
	} {
		_, err := l.conn.Exec(t.Context(), add, c.window, at(t, c.start), at(t, c.end))
		var refused *pgconn.PgError
		if excluded := errors.As(err, &refused) && refused.Code == "23P01"; excluded == c.free || err != nil && !excluded {
			t.Errorf("window %d from %s: %v", c.window, c.start, err)
		}
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-26 08:55")
	choice := visit.Choice{Office: "06", Service: "charges", Start: at(t, "2026-11-26 10:00")}
	hold := func(c chat.Conversation, choice visit.Choice) visit.Outcome {
		t.Helper()
		done, err := l.HoldSlot(t.Context(), l.effect(c), choice)
		must(t, err)
		return done
	}
	if done := hold("tg:1", choice); done.Booking.Status != visit.Held || !done.Booking.Until.Equal(l.now().Add(10*time.Minute)) {
		t.Fatalf("held: %+v", done)
	}
	if mine, others := l.free(t, "tg:1", "06", "charges", "2026-11-26"), l.free(t, "tg:2", "06", "charges", "2026-11-26"); !strings.HasPrefix(mine, "10:00 10:15 ") || !strings.HasPrefix(others, "10:15 ") {
		t.Errorf("free for its holder: %s; for others: %s", mine, others)
	}
	if done := hold("tg:2", choice); done.Refused != visit.Taken {
		t.Errorf("held twice: %+v", done)
	}
	// The lead time counts from the choice.
	l.wait(9 * time.Minute)
	if done := l.book(t, "tg:1", order(t, "06", "charges", "2026-11-26 10:00", 1)); done.Refused != "" {
		t.Errorf("what was held is booked: %+v", done)
	}
	// Another choice frees the one before; so does a release, and time.
	later, next := choice, choice
	later.Start, next.Start = at(t, "2026-11-26 12:00"), at(t, "2026-11-26 12:30")
	hold("tg:3", later)
	hold("tg:3", next)
	if got := l.free(t, "tg:4", "06", "charges", "2026-11-26"); got != "10:15 10:45 11:15 11:30 12:00 12:45 13:15 13:45" {
		t.Errorf("one is held: %s", got)
	}
	if released, err := l.ReleaseSlot(t.Context(), l.effect("tg:3")); err != nil || !released {
		t.Errorf("released: %v, %v", released, err)
	}
	if released, err := l.ReleaseSlot(t.Context(), l.effect("tg:3")); err != nil || released {
		t.Errorf("released twice: %v, %v", released, err)
	}
	hold("tg:3", next)
	l.wait(10 * time.Minute)
	if done := hold("tg:4", next); done.Refused != "" {
		t.Errorf("it was held too long: %+v", done)
	}
	if done := l.book(t, "tg:3", order(t, "06", "charges", "2026-11-26 12:30", 3)); done.Refused != visit.Taken {
		t.Errorf("another holds it now: %+v", done)
	}
}

func TestMoveAndCancel(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	b := l.mustBook(t, "tg:1", order(t, "06", "charges", "2026-11-26 10:00", 1))
	move := func(c chat.Conversation, office, service, start string) visit.Outcome {
		t.Helper()
		done, err := l.MoveBooking(t.Context(), l.effect(c), visit.Choice{Office: office, Service: service, Start: at(t, start), Moving: b.ID})
		must(t, err)
		return done
	}
	if done := move("tg:2", "06", "charges", "2026-11-26 11:15"); done.Refused != visit.Gone || done.Booking.ID != 0 {
		t.Errorf("somebody else's: %+v", done)
	}
	l.mustBook(t, "tg:3", order(t, "06", "charges", "2026-11-26 11:15", 3))
	if done := move("tg:1", "06", "charges", "2026-11-26 11:15"); done.Refused != visit.Taken || !done.Booking.Start.Equal(b.Start) {
		t.Errorf("to a slot that is taken: %+v", done)
	}
	done := move("tg:1", "01", "account", "2026-11-27 14:00")
	if v := done.Booking; done.Refused != "" || v.ID != b.ID || v.Sequence != 1 || v.Office != "01" || v.End.Sub(v.Start) != 30*time.Minute || v.Name != b.Name {
		t.Errorf("to another office and service: %+v", done)
	}
	if got := l.free(t, "tg:9", "06", "charges", "2026-11-26"); !strings.HasPrefix(got, "10:00 10:15") {
		t.Errorf("its old slot is free: %s", got)
	}
	if list, err := l.Bookings(t.Context(), "tg:1", l.now()); err != nil || len(list) != 1 || !cmp.Equal(list[0], done.Booking) {
		t.Errorf("listed: %+v, %v", list, err)
	}
	if done, err := l.ConfirmBooking(t.Context(), l.effect("tg:1"), b.ID); err != nil || !done.Booking.Confirmed || done.Booking.Sequence != 1 {
		t.Errorf("confirmed: %+v, %v", done, err)
	}
	cancel := func(c chat.Conversation) visit.Refusal {
		t.Helper()
		done, err := l.CancelBooking(t.Context(), l.effect(c), b.ID)
		must(t, err)
		return done.Refused
	}
	if got := cancel("tg:2"); got != visit.Gone {
		t.Errorf("somebody else's: %q", got)
	}
	l.after.Store(int64(at(t, "2026-11-27 14:00").Sub(noon)))
	if got := cancel("tg:1"); got != visit.Started {
		t.Errorf("it has begun: %q", got)
	}
	l.wait(-time.Second)
	if got := cancel("tg:1"); got != "" {
		t.Errorf("until it begins: %q", got)
	}
	if got := cancel("tg:1"); got != visit.Gone {
		t.Errorf("twice: %q", got)
	}
	if list, err := l.Bookings(t.Context(), "tg:1", l.now()); err != nil || len(list) != 0 {
		t.Errorf("listed: %+v, %v", list, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM visits WHERE id = $1 AND (body IS NOT NULL OR phone_digest IS NOT NULL)`, b.ID); n != 0 {
		t.Error("who was to come is still known")
	}
	if n := count(t, l.conn, `SELECT count(*) FROM visit_changes WHERE visit = $1`, b.ID); n != 4 {
		t.Errorf("%d changes are noted", n)
	}
}

// What is booked for an account is seen and moved wherever the account is linked.
func TestVisitsOfALinkedAccount(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	tg := l.link(t, "tg:1", plain, l.send(t, "tg:1", plain))
	o := order(t, "06", "charges", "2026-11-26 10:00", 1)
	o.Link = tg.Link
	b := l.mustBook(t, "tg:1", o)
	if list, err := l.Bookings(t.Context(), "web:1", l.now()); err != nil || len(list) != 0 {
		t.Errorf("a stranger sees %+v, %v", list, err)
	}
	l.link(t, "web:1", plain, l.send(t, "web:1", plain))
	list, err := l.Bookings(t.Context(), "web:1", l.now())
	if err != nil || len(list) != 1 || list[0].ID != b.ID || list[0].Account != plain {
		t.Fatalf("seen: %+v, %v", list, err)
	}
	c := visit.Choice{Office: "06", Service: "charges", Start: at(t, "2026-11-26 11:15"), Moving: b.ID}
	if done, err := l.MoveBooking(t.Context(), l.effect("web:1"), c); err != nil || done.Refused != "" || done.Booking.Conversation != "tg:1" {
		t.Errorf("moved: %+v, %v", done, err)
	}
	// A link of somebody else books for nobody's account.
	o = order(t, "06", "charges", "2026-11-26 12:00", 2)
	o.Link = tg.Link
	l.mustBook(t, "tg:2", o)
	if n := count(t, l.conn, `SELECT count(*) FROM visits WHERE account IS NOT NULL`); n != 1 {
		t.Errorf("%d visits are for the account", n)
	}
}

// Who comes is sealed, and found by the phone under an older key, too.
func TestVisitorsAreSealed(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	sealing := pgtest.Connect(t, l.url, func(c *postgres.Config) { c.Now, c.Sealer = l.now, reversed{} })
	book := func(c chat.Conversation, start string) visit.Outcome {
		t.Helper()
		done, err := sealing.Book(t.Context(), l.effect(c), order(t, "01", "charges", start, 1))
		must(t, err)
		return done
	}
	b := book("tg:1", "2026-11-26 10:00").Booking
	if n := count(t, l.conn, `SELECT count(*) FROM visits WHERE position('Анна'::bytea IN body) > 0 OR position('7900'::bytea IN body) > 0`); n != 0 {
		t.Error("who comes lies open")
	}
	exec(t, l.conn, `UPDATE visits SET phone_digest = convert_to('older visit phone#+79000000001', 'UTF8')`)
	book("tg:2", "2026-11-26 11:00")
	if got := book("tg:3", "2026-11-26 12:00"); got.Refused != visit.TooMany {
		t.Errorf("the third visit: %+v", got)
	}
	if list, err := sealing.Bookings(t.Context(), "tg:1", l.now()); err != nil || len(list) != 1 || list[0].Name != b.Name || list[0].Phone != b.Phone {
		t.Errorf("opened: %+v, %v", list, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM effects WHERE result::text ~ 'Анна|7900'`); n != 0 {
		t.Error("who comes is kept among the results")
	}
	l.wait(40 * 24 * time.Hour)
	if n, err := sealing.TidyVisits(t.Context(), l.now(), l.now().AddDate(0, 0, -30)); err != nil || n != 2 {
		t.Errorf("forgotten: %d, %v", n, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM visits WHERE body IS NULL AND phone_digest IS NULL`); n != 2 {
		t.Errorf("%d visits are nobody's", n)
	}
}
