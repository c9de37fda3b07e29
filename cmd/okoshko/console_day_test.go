package main

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

// itIs moves the clock of a server to a time in the demo's offices.
func (s *server) itIs(t *testing.T, when string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", when, pgtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.ahead.Store(int64(time.Until(at)))
}

// booked books a visit for somebody of whom an office knows name and phone.
func (s *server) booked(t *testing.T, c chat.Conversation, office, service, start, name string) visit.Booking {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", start, pgtest.Zone)
	if err != nil {
		t.Fatal(err)
	}
	nobodyElses := crc32.ChecksumIEEE([]byte(c)) % 1000
	p, err := privacy.ParsePhone(fmt.Sprintf("+7 900 %03d-%s", nobodyElses, at.Format("15-04")))
	if err != nil {
		t.Fatal(err)
	}
	e := dialog.Effect{ID: string(c) + "/" + office + start + service, Conversation: c, At: s.clock.Now()}
	out, err := (visitDesk{s.stores.db, s.stores.live}).Book(t.Context(), e, visit.Order{
		Choice: visit.Choice{Office: office, Service: service, Start: at}, Name: privacy.NewPersonName(name), Phone: p, Lang: "ru",
	})
	if err != nil || out.Refused != "" {
		t.Fatalf("book %s at %s: %q, %v", service, start, out.Refused, err)
	}
	return out.Booking
}

// officeDay reads a day as the page does.
func (k *clerk) officeDay(t *testing.T, office, query string) map[string]any {
	t.Helper()
	day, err := k.must("GET", "/offices/"+office+"/day"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func objects(list any) (all []map[string]any) {
	for _, one := range list.([]any) {
		all = append(all, one.(map[string]any))
	}
	return all
}

// The day of an office over the API: masked names, what can be done with whom,
// what a colleague was quicker to do, and a line of the audit for each act.
func TestTheDayOverTheAPI(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.itIs(t, "2026-11-26 08:00")
	v := s.booked(t, "web:a", "03", "charges", "2026-11-26 10:00", "Соколова Мария Игоревна")
	k := s.clerk("nina")
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	offices, err := k.must("GET", "/offices", nil)
	if err != nil || len(objects(offices["offices"])) != 1 || objects(offices["offices"])[0]["code"] != "03" {
		t.Fatalf("her offices: %v, %v", offices, err)
	}
	day := k.officeDay(t, "03", "")
	if day["date"] != "2026-11-26" || fmt.Sprint(day["hours"]) != "[09:00–13:00 14:00–18:00]" || day["why"] != "usual" || len(objects(day["services"])) == 0 {
		t.Errorf("the day: %v", day)
	}
	shown := objects(day["visits"])
	if len(shown) != 1 || shown[0]["name"] != "Соколова М. И." || shown[0]["phone"] != v.Phone.Listed() || shown[0]["code"] != v.Code ||
		shown[0]["from"] != "10:00" || fmt.Sprint(shown[0]["steps"]) != "[arrived]" {
		t.Errorf("the visit: %v", shown)
	}
	if free := objects(day["free"]); len(free) != 5 || free[0]["from"] != "09:00" || free[0]["to"] != "10:00" {
		t.Errorf("free: %v", free)
	}

	path := fmt.Sprintf("/offices/03/day/visits/%d", v.ID)
	step := func(from, to visit.Status, window int) (int, map[string]any) {
		t.Helper()
		status, said, err := k.ask("POST", path+"/step", map[string]any{"from": from, "to": to, "window": window})
		if err != nil {
			t.Fatal(err)
		}
		return status, said
	}
	s.itIs(t, "2026-11-26 09:58")
	for _, c := range []struct {
		from, to visit.Status
		window   int
		want     string
	}{
		{"booked", "no_show", 0, "409 visit_step"}, // he may still come
		{"booked", "arrived", 0, "204 <nil>"},
		{"booked", "arrived", 0, "409 visit_changed"},
		{"arrived", "called", 3, "400 visit_window"},
		{"arrived", "called", 2, "204 <nil>"},
		{"called", "served", 0, "204 <nil>"},
		{"served", "cancelled", 0, "409 visit_step"},
		{"served", "'; DROP TABLE visits", 0, "409 visit_step"},
	} {
		status, said := step(c.from, c.to, c.window)
		if got := fmt.Sprint(status, " ", said["error"]); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
		if said["error"] == "visit_changed" && (said["by"] != "Нина" || said["status"] != "arrived") {
			t.Errorf("who was quicker: %v", said)
		}
	}

	walkIn := map[string]any{"id": "click-0001", "service": "other", "name": "  Пётр  ", "window": 1}
	first, err := k.must("POST", "/offices/03/day/walk-ins", walkIn)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := k.must("POST", "/offices/03/day/walk-ins", walkIn); err != nil || again["id"] != first["id"] || again["code"] != first["code"] {
		t.Errorf("sent twice: %v and %v, %v", first, again, err)
	}
	for what, c := range map[string]struct {
		field string
		value any
		want  string
	}{
		"no ID":                   {"id", "", "400 invalid"},
		"a service of nobody":     {"service", "contract", "404 visit_unknown"},
		"a window of nobody":      {"window", 9, "400 visit_window"},
		"a name that turns round": {"name", "Пётр\u202e", "400 name"},
		"an endless name":         {"name", strings.Repeat("Пётр", 500), "400 name"},
		"a window in words":       {"window", "one", "400 invalid"},
	} {
		body := map[string]any{"id": "click-0002", "service": "other", "name": "", "window": 0}
		body[c.field] = c.value
		status, said, err := k.ask("POST", "/offices/03/day/walk-ins", body)
		if got := fmt.Sprint(status, " ", said["error"]); err != nil || got != c.want {
			t.Errorf("%s: %s, want %s, %v", what, got, c.want, err)
		}
	}

	for text, want := range map[string]int{v.Code: 1, v.Phone.Reveal()[6:]: 1, v.Phone.Reveal(): 1, "999": 0, "' OR 1=1": 0} {
		found, err := k.must("POST", "/offices/03/day/find", map[string]string{"date": "2026-11-30", "text": text})
		if err != nil || len(objects(found["visits"])) != want && text != v.Code {
			t.Errorf("%q finds %v, %v", text, found, err)
		}
		if text == v.Code && !slices.ContainsFunc(objects(found["visits"]), func(one map[string]any) bool { return one["date"] == "2026-11-26" }) {
			t.Errorf("the code finds %v", found)
		}
	}
	looked, err := k.must("POST", path+"/look", nil)
	if err != nil || looked["name"] != "Соколова Мария Игоревна" || looked["phone"] != v.Phone.Reveal() {
		t.Errorf("looked at: %v, %v", looked, err)
	}
	for act, want := range map[audit.Act]int{audit.VisitStep: 3, audit.WalkIn: 1, audit.VisitLook: 1} {
		lines, err := s.stores.db.ListAudit(t.Context(), audit.Filter{Act: act, Limit: 10})
		if err != nil || len(lines) != want || strings.Contains(fmt.Sprint(lines), "Соколова") {
			t.Errorf("%s: %d lines, %v: %v", act, len(lines), err, lines)
		}
	}
}

// Whoever belongs to territories has no business in offices of others; who may
// look may not act; nothing that is made up gets further than a refusal.
func TestTheDayIsRefused(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.itIs(t, "2026-11-26 09:00")
	v := s.booked(t, "web:a", "07", "charges", "2026-11-27 10:00", "Гусев Борис Ильич")
	own := fmt.Sprintf("/offices/07/day/visits/%d", v.ID)
	nina, lidia, all := s.clerk("nina"), s.clerk("lidia"), s.employ(t, "everywhere", staff.OfficeClerk)
	for _, k := range []*clerk{nina, lidia, all} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
	}
	step := map[string]any{"from": "booked", "to": "no_show"}
	for _, c := range []struct {
		who          *clerk
		method, path string
		body         any
		want         string
	}{
		{nina, "GET", "/offices/07/day", nil, "403 elsewhere"},
		{nina, "POST", own + "/look", nil, "403 elsewhere"},
		{nina, "POST", own + "/step", step, "403 elsewhere"},
		{nina, "POST", strings.Replace(own, "07", "03", 1) + "/look", nil, "404 visit_unknown"}, // through the door of her own
		{nina, "POST", strings.Replace(own, "07", "03", 1) + "/step", step, "404 visit_unknown"},
		{nina, "POST", "/offices/07/day/find", map[string]string{"date": "2026-11-27", "text": v.Code}, "403 elsewhere"},
		{nina, "POST", "/offices/07/day/walk-ins", map[string]any{"id": "click-0001", "service": "other"}, "403 elsewhere"},
		{lidia, "GET", "/offices/07/day?date=2026-11-27", nil, "200 <nil>"},
		{lidia, "POST", own + "/look", nil, "403 permission"},
		{lidia, "POST", own + "/step", step, "403 permission"},
		{all, "GET", "/offices/07/day", nil, "200 <nil>"}, // the last Thursday: closed, and it says why
		{all, "GET", "/offices/99/day", nil, "404 visit_unknown"},
		{all, "GET", "/offices/%00/day", nil, "404 visit_unknown"},
		{all, "GET", "/offices/07/day?date=tomorrow", nil, "400 invalid"},
		{all, "GET", "/offices/07/day?date=2026-02-30", nil, "400 invalid"},
		{all, "GET", "/offices/07/day?date=0000-01-01", nil, "404 visit_unknown"},
		{all, "GET", "/offices/07/day?date=9999-12-31", nil, "200 <nil>"},
		{all, "POST", "/offices/07/day/visits/x/look", nil, "404 visit_unknown"},
		{all, "POST", "/offices/07/day/visits/-1/step", step, "404 visit_unknown"},
		{all, "POST", "/offices/07/day/visits/99999999999999999999/step", step, "404 visit_unknown"},
		{all, "POST", "/offices/07/day/find", map[string]string{"date": "", "text": "1000"}, "400 invalid"},
		{all, "POST", "/offices/07/day/find", map[string]string{"date": "2026-11-27", "text": strings.Repeat("1", 31)}, "400 invalid"},
	} {
		status, said, err := c.who.ask(c.method, c.path, c.body)
		if got := fmt.Sprint(status, " ", said["error"]); err != nil || got != c.want {
			t.Errorf("%s: %s %s: %s, want %s, %v", c.who.login, c.method, c.path, got, c.want, err)
		}
	}
	if closed := all.officeDay(t, "07", ""); closed["why"] != "sanitary" || len(closed["hours"].([]any)) != 0 {
		t.Errorf("the last Thursday: %v", closed)
	}
	if closed := all.officeDay(t, "06", "?date=2026-12-03"); closed["why"] != "exception" || !strings.Contains(fmt.Sprint(closed["reason"]), "ремонт") {
		t.Errorf("the repairs: %v", closed)
	}
	if seen := objects(lidia.officeDay(t, "07", "?date=2026-11-27")["visits"]); len(seen) != 1 || len(seen[0]["steps"].([]any)) != 0 {
		t.Errorf("who only looks is offered %v", seen)
	}
	if status, _, _ := lidia.ask("GET", "/queue", nil); status != http.StatusOK {
		t.Errorf("the supervisor's queue: %d", status)
	}
}
