package form_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/form"
	"okoshko/core/appeal"
	cases "okoshko/core/appeal/demo"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words/wordstest"
)

var (
	zone = time.FixedZone("UTC+5", 5*60*60)
	now  = time.Date(2026, time.November, 24, 10, 0, 0, 0, zone)
)

// desk has the form of one ticket.
type desk struct {
	form registry.Form
	sent []appeal.Answers
	err  error
}

const ticket = "T1CKET-of_many_signs"

func open() *desk {
	c, err := cases.Book().Category("Ж-5", calendar.DateOf(now, zone))
	if err != nil {
		panic(err)
	}
	f := registry.Form{ID: "1", Conversation: "tg:1", Until: now.Add(registry.FormLife), Of: c, Fields: registry.Ask(c, knowledge.Individuals, nil)}
	f.Category, f.Audience, f.Lang = c.Code, knowledge.Individuals, "ru"
	return &desk{form: f}
}

func (d *desk) OrderForm(context.Context, registry.Effect, registry.FormOrder) (registry.FormMade, error) {
	return registry.FormMade{}, nil
}

func (d *desk) FindForm(_ context.Context, t string) (registry.Form, error) {
	if t != ticket {
		return registry.Form{}, registry.ErrNoForm
	}
	return d.form, nil
}

func (d *desk) SendForm(_ context.Context, _ registry.Form, a appeal.Answers) (registry.FormDone, error) {
	if d.err != nil {
		return registry.FormDone{}, d.err
	}
	d.sent = append(d.sent, a)
	d.form.Done = &registry.FormDone{Number: appeal.Number{Kind: appeal.Complaint, Year: 2026, Serial: 7}, Due: calendar.Date{Year: 2026, Month: 11, Day: 27}}
	return *d.form.Done, nil
}

// ask sends a request as a browser with the cookie of a ticket does; at is when.
func (d *desk) ask(t *testing.T, at time.Time, cookie, method, path string, values url.Values, header ...string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	form.New(form.Config{
		Forms: d, Public: "http://example.com", Zone: zone, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler),
	}).Mount(app)
	r := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != "" {
		r.Header.Set("Cookie", "okoshko-form="+cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// tie reads what ties the sheet to its ticket.
func (d *desk) tie(t *testing.T) string {
	t.Helper()
	_, body := d.ask(t, now, ticket, http.MethodGet, form.Path, nil)
	_, rest, ok := strings.Cut(body, `name="_form" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	if !ok || value == "" || strings.Contains(body, ticket) {
		t.Fatalf("a sheet without a tie, or with its ticket:\n%s", body)
	}
	return value
}

func filled(tie string) url.Values {
	return url.Values{
		"_form": {tie}, "name": {"Иванова Мария Петровна"}, "address": {"г. Старогорск, ул. Садовая, 5-12"}, "event_at": {"20.11.2026 18:30"},
		"demand": {"Проверьте линию"}, "birth_date": {"04.05.1980"}, "birth_place": {"г. Старогорск"},
		"passport": {"45 00 123456"}, "phone": {"8 999 000-11-22"}, "email": {"m@post.example"}, "text": {"Мигает <b>свет</b>"},
		"contact": {"chat"}, "answer_way": {"chat"},
	}
}

// The ticket leaves the address for a cookie that no script reads.
func TestTicketLeavesTheAddress(t *testing.T) {
	t.Parallel()
	d := open()
	r, _ := d.ask(t, now, "", http.MethodGet, form.Path+"/"+ticket, nil)
	cookie := r.Header.Get("Set-Cookie")
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != form.Path || !strings.Contains(cookie, "HttpOnly") ||
		!strings.Contains(cookie, "SameSite=Lax") || !strings.Contains(cookie, "max-age=1800") || r.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d to %s, %s", r.StatusCode, r.Header.Get("Location"), cookie)
	}
	for _, wrong := range []string{"nothing", strings.Repeat("A", 3000), "%00"} {
		if r, _ := d.ask(t, now, "", http.MethodGet, form.Path+"/"+wrong, nil); r.StatusCode != http.StatusNotFound || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%.20s: %d", wrong, r.StatusCode)
		}
	}
	if r, body := d.ask(t, now, "", http.MethodGet, form.Path, nil); r.StatusCode != http.StatusNotFound || !strings.Contains(body, "cookie") {
		t.Errorf("without a cookie: %d", r.StatusCode)
	}
}

// A form is sent once; what comes after shows what became of it.
func TestSend(t *testing.T) {
	t.Parallel()
	d := open()
	values := filled(d.tie(t))
	r, _ := d.ask(t, now, ticket, http.MethodPost, form.Path, values)
	if r.StatusCode != http.StatusSeeOther || len(d.sent) != 1 {
		t.Fatalf("%d, sent %d times", r.StatusCode, len(d.sent))
	}
	a := d.sent[0]
	if a.One("passport") != "4500123456" || a.One("event_at") != "2026-11-20 18:30" || a.One("phone") != "+79990001122" {
		t.Errorf("read as %q, %q, %q", a.One("passport"), a.One("event_at"), a.One("phone"))
	}
	if r, _ := d.ask(t, now, ticket, http.MethodPost, form.Path, values); r.StatusCode != http.StatusSeeOther || len(d.sent) != 1 {
		t.Errorf("sent again: %d, %d times", r.StatusCode, len(d.sent))
	}
	if _, body := d.ask(t, now, ticket, http.MethodGet, form.Path, nil); !strings.Contains(body, "ЖБ-2026-000007") || !strings.Contains(body, "27 ноября 2026") {
		t.Errorf("what became of it:\n%s", body)
	}
}

// Whatever is wrong stands beside its field, and nothing that was written is lost
// but secrets, which no page repeats.
func TestFlaws(t *testing.T) {
	t.Parallel()
	d := open()
	for name, row := range map[string]struct{ value, want string }{
		"phone":       {"позвоните соседу", "Напишите номер телефона"},
		"email":       {"м@почта", "Это не похоже на адрес электронной почты"},
		"event_at":    {"как-то вечером", "Напишите день, месяц и год"},
		"birth_place": {"", "Здесь пока ничего нет"},
		"birth_date":  {"04.05.2980", "Эта дата ещё не наступила"},
		"passport":    {"паспорт у жены", "Проверьте цифры"},
		"address":     {strings.Repeat("улица ", 100), "Слишком длинно"},
		"demand":      {strings.Repeat("я", 50_001), "Слишком длинно"},
		"contact":     {"pigeon", "Выберите один из вариантов"},
		"name":        {"\x00\x01", "есть знаки"},
	} {
		values := filled(d.tie(t))
		values.Set(name, row.value)
		r, body := d.ask(t, now, ticket, http.MethodPost, form.Path, values)
		if r.StatusCode != http.StatusUnprocessableEntity || len(d.sent) != 0 || !strings.Contains(body, row.want) || !strings.Contains(body, `href="#`+name+`"`) {
			t.Errorf("%s: %d, sent %d times, without %q", name, r.StatusCode, len(d.sent), row.want)
		}
		if !strings.Contains(body, "Мигает &lt;b&gt;свет&lt;/b&gt;") || strings.Contains(body, "45 00 123456") || strings.Contains(body, "паспорт у жены") {
			t.Errorf("%s: what was written is lost, or a secret is repeated", name)
		}
	}
}

// What another page sends, what another ticket's sheet says, and what comes too
// late makes no case; what was written stays.
func TestSheetsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	d := open()
	tie := d.tie(t)
	for name, row := range map[string]struct {
		at     time.Time
		cookie string
		tie    string
		header []string
		status int
		want   string
	}{
		"a page of others":    {now, ticket, tie, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusNotFound, "больше не действует"},
		"an origin of others": {now, ticket, tie, []string{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, http.StatusNotFound, "больше не действует"},
		"nobody's ticket":     {now, "another", tie, nil, http.StatusNotFound, "больше не действует"},
		"no ticket":           {now, "", tie, nil, http.StatusNotFound, "больше не действует"},
		"another's sheet":     {now, ticket, "AAAAAAAAAAAAAAAA", nil, http.StatusUnprocessableEntity, "открыли другую форму"},
		"no tie":              {now, ticket, "", nil, http.StatusUnprocessableEntity, "открыли другую форму"},
		"too late":            {now.Add(registry.FormLife), ticket, tie, nil, http.StatusUnprocessableEntity, "Время формы вышло"},
	} {
		r, body := d.ask(t, row.at, row.cookie, http.MethodPost, form.Path, filled(row.tie), row.header...)
		if r.StatusCode != row.status || len(d.sent) != 0 || !strings.Contains(body, row.want) {
			t.Errorf("%s: %d, sent %d times", name, r.StatusCode, len(d.sent))
		}
		if row.status == http.StatusUnprocessableEntity && !strings.Contains(body, "Проверьте линию") {
			t.Errorf("%s: what was written is lost", name)
		}
	}
	if r, body := d.ask(t, now.Add(registry.FormLife), ticket, http.MethodGet, form.Path, nil); r.StatusCode != http.StatusNotFound || strings.Contains(body, "<form") {
		t.Errorf("an old ticket: %d", r.StatusCode)
	}
	d.err = fault.New(fault.Unavailable, "away")
	if r, body := d.ask(t, now, ticket, http.MethodPost, form.Path, filled(tie)); r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "Проверьте линию") {
		t.Errorf("the store is away: %d", r.StatusCode)
	}
	d.err = &registry.FlawsError{Fields: map[string]string{"address": "field_address"}}
	if r, body := d.ask(t, now, ticket, http.MethodPost, form.Path, filled(tie)); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Напишите адрес с номером дома") {
		t.Errorf("refused by the register: %d", r.StatusCode)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	r, body := open().ask(t, now, ticket, http.MethodGet, form.Path+"?lang=en", nil)
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "form-action 'self'") || strings.Contains(csp, "script-src") {
		t.Errorf("policy %s", csp)
	}
	if r.Header.Get("Cache-Control") != "no-store" || strings.Contains(body, "<script") || strings.Contains(body, " style=") || !strings.Contains(body, "Series and number of your passport?") {
		t.Errorf("cache %s:\n%s", r.Header.Get("Cache-Control"), body)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, form.Words, ".", "form.*", "trouble.*", "done.*", "gone.*", "later.*")
}

// Dates and numbers of documents are read as people write them.
func TestReadsAsPeopleWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, written, want string }{
		{"passport", "45 00 №123456", "4500123456"},
		{"passport", "45 00 № 123 456", "4500123456"},
		{"birth_date", "12 марта 1980", "1980-03-12"},
		{"birth_date", "15 мая 1999 г.", "1999-05-15"},
		{"birth_date", "12.03.1980", "1980-03-12"},
	} {
		d := open()
		values := filled(d.tie(t))
		values.Set(c.name, c.written)
		r, body := d.ask(t, now, ticket, http.MethodPost, form.Path, values)
		if r.StatusCode != http.StatusSeeOther || len(d.sent) != 1 || d.sent[0].One(appeal.Name(c.name)) != c.want {
			t.Errorf("%q: %d, %v\n%s", c.written, r.StatusCode, d.sent, body)
		}
	}
}

// Who does not remember a day may say so, and hears why a day is none; whoever must
// know something hears that, too.
func TestUnsure(t *testing.T) {
	t.Parallel()
	d := open()
	values := filled(d.tie(t))
	values.Set("event_at", "31.02.2026")
	r, body := d.ask(t, now, ticket, http.MethodPost, form.Path, values)
	if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Такого числа нет: в феврале 28 дней") || !strings.Contains(body, `id="unsure-event_at"`) {
		t.Errorf("31 February: %d", r.StatusCode)
	}
	values.Set("event_at", "Не помню")
	values.Set("birth_date", "не помню")
	if r, body = d.ask(t, now, ticket, http.MethodPost, form.Path, values); r.StatusCode != http.StatusUnprocessableEntity ||
		strings.Contains(body, `href="#event_at"`) || !strings.Contains(body, `href="#birth_date"`) || !strings.Contains(body, "17.05.1984") {
		t.Errorf("a birth that is not remembered: %d", r.StatusCode)
	}
	values.Set("birth_date", "04.05.1980")
	if r, _ = d.ask(t, now, ticket, http.MethodPost, form.Path, values); r.StatusCode != http.StatusSeeOther || len(d.sent) != 1 || !d.sent[0].Unsure("event_at") {
		t.Errorf("%d, sent %d times", r.StatusCode, len(d.sent))
	}
}
