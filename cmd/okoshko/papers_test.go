package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// A bill is printed for the conversation of its effect, once a day however often
// it is asked for, and nobody else can open it.
func TestPapers(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	p, err := newPapers(s.config, s.stores.files)
	if err != nil {
		t.Fatal(err)
	}
	l, found, err := s.stores.db.Ledger(t.Context(), "0203118468")
	if err != nil || !found {
		t.Fatalf("found %v, %v", found, err)
	}
	b, err := l.Bill(billing.Period{Year: 2026, Month: time.October}, calendar.Date{Year: 2026, Month: time.November, Day: 27}, prices.Book())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.November, 27, 12, 0, 0, 0, time.UTC)
	paper := func(id string, c chat.Conversation, l *bill.Ledger, b *bill.Bill, at time.Time) (chat.File, error) {
		t.Helper()
		return p.Paper(t.Context(), dialog.Effect{ID: id, Conversation: c, At: at}, l, b, "Счёт за октябрь 2026")
	}
	first, err := paper("web:1/7/1", "web:1", &l, &b, at)
	if err != nil || !first.Personal || first.Type != "application/pdf" || first.Name != "Счёт за октябрь 2026.pdf" {
		t.Fatalf("%+v, %v", first, err)
	}
	store := webFiles{s.stores.files, s.stores.db}
	f, content, err := store.Open(t.Context(), "web:1", first.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if data, err := io.ReadAll(content); err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || int64(len(data)) != first.Size || f.Size != first.Size {
		t.Errorf("%d bytes of %d, %v", len(data), first.Size, err)
	}
	if _, _, err := store.Open(t.Context(), "web:2", first.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another conversation opens it: %v", err)
	}
	for name, again := range map[string]struct {
		effect string
		of     chat.Conversation
		at     time.Time
		same   bool
	}{
		"the effect repeated":  {"web:1/7/1", "web:1", at, true},
		"asked again that day": {"web:1/9/1", "web:1", at.Add(time.Hour), true},
		"the next day":         {"web:1/9/1", "web:1", at.AddDate(0, 0, 1), false},
		"another conversation": {"web:2/7/1", "web:2", at, false},
	} {
		file, err := paper(again.effect, again.of, &l, &b, again.at)
		if err != nil || (file.ID == first.ID) != again.same {
			t.Errorf("%s: %+v, %v", name, file, err)
		}
	}
	if _, err := paper("web:1/9/2", "web:1", &l, &bill.Bill{}, at); !fault.Is(err, fault.Invalid) {
		t.Errorf("no statement: %v", err)
	}
}

// A table of what is published is a public file that Russian spreadsheets open as it
// is, and that runs nothing in them.
func TestTablesForEverybody(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	p, err := newPapers(s.config, s.stores.files)
	if err != nil {
		t.Fatal(err)
	}
	e := dialog.Effect{ID: "web:1/7/1", Conversation: "web:1", At: s.clock.Now()}
	f, err := p.Table(t.Context(), e, []string{"Час", "ВН"}, [][]string{{"0", "2480,15"}, {"=1+1", "-3,00"}}, "Цены 3-й категории, октябрь 2026")
	if err != nil || f.Personal || f.Holds != 0 || f.Name != "Цены 3-й категории, октябрь 2026.csv" || !strings.HasPrefix(f.Type, "text/csv") {
		t.Fatalf("%+v, %v", f, err)
	}
	_, content, err := webFiles{s.stores.files, s.stores.db}.Open(t.Context(), "web:1", f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	const want = "\ufeffЧас;ВН\r\n0;2480,15\r\n'=1+1;-3,00\r\n"
	if data, err := io.ReadAll(content); err != nil || string(data) != want {
		t.Errorf("%q, %v", data, err)
	}
}

// What is made for a chat goes after a while; it can be made anew at any time.
func TestMadeFilesGo(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	p, err := newPapers(s.config, s.stores.files)
	if err != nil {
		t.Fatal(err)
	}
	e := dialog.Effect{ID: "web:1/7/1", Conversation: "web:1", At: s.clock.Now()}
	c := bill.Chart{Bars: []bill.Bar{{Label: "окт 2026", Value: "305", KWh: []billing.KWh{305}}}}
	f, err := p.Chart(t.Context(), e, c, "Расход по месяцам")
	if err != nil || !f.Image || f.Personal || f.Type != "image/png" {
		t.Fatalf("%+v, %v", f, err)
	}
	for _, after := range []struct {
		by   time.Duration
		kept bool
	}{{made - time.Hour, true}, {made + time.Hour, false}} {
		for _, j := range jobs {
			if j.name != "tidy" {
				continue
			}
			if err := j.run(t.Context(), tools{stores: s.stores, keepDialogs: 12}, s.clock.Now().Add(after.by)); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err := webFiles{s.stores.files, s.stores.db}.Open(t.Context(), "web:1", f.ID)
		if (err == nil) != after.kept {
			t.Errorf("%v later: %v", after.by, err)
		}
	}
}

// In Telegram a bill is a link that hands it out once, within a quarter of an
// hour, to whoever presses first; its file never is in the chat. Who comes later
// is told what to do.
func TestABillLeavesTelegramByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	stage := &codeStage{Stage: g, s: g.s}
	act := func(acts ...string) {
		t.Helper()
		for _, a := range acts {
			if err := stage.Do(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if _, err := stage.Hear(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	const label = "Открыть: Счёт за октябрь 2026.pdf"
	ask := func(method, address string) (*http.Response, string) {
		t.Helper()
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), method, g.s.url(t)+u.Path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", "ru")
		answer, err := http.DefaultClient.Do(r)
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
	link := func() string {
		t.Helper()
		b, ok := g.customer.Last().Button(label)
		if !ok {
			t.Fatalf("no link in\n%s", g.customer)
		}
		return b.URL
	}
	gone := func(why, address string) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			answer, page := ask(method, address)
			if answer.StatusCode != http.StatusNotFound || !strings.Contains(page, "Ссылка больше не действует") || !strings.Contains(page, "Вернитесь в чат") {
				t.Errorf("%s: %s: %d\n%s", why, method, answer.StatusCode, page)
			}
		}
	}
	act("Лицевой счёт", "[Согласен]", "0203118468", "0462", "[СМС на ***02]", "(code)", "[Счёт и оплата]", "[Скачать счёт (PDF)]")
	first := link()
	for range 2 { // a preview takes nothing away
		if answer, page := ask(http.MethodGet, first); answer.StatusCode != http.StatusOK || !strings.Contains(page, "Скачать документ") {
			t.Fatalf("the page: %d\n%s", answer.StatusCode, page)
		}
	}
	answer, paper := ask(http.MethodPost, first)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(paper, "%PDF-") {
		t.Fatalf("%d, %s, %d bytes", answer.StatusCode, answer.Header.Get("Content-Type"), len(paper))
	}
	gone("used", first)
	if err := stage.Set(t.Context(), g.Now().Add(time.Minute), ""); err != nil {
		t.Fatal(err)
	}
	act("скачать счёт")
	second := link()
	if second == first {
		t.Error("the same link was sent again")
	}
	if err := stage.Set(t.Context(), g.Now().Add(16*time.Minute), ""); err != nil {
		t.Fatal(err)
	}
	gone("late", second)
	gone("made up", second[:len(second)-4]+"AAAA")
	for _, m := range g.customer.Messages() {
		if m.File != nil {
			t.Errorf("a file of kind %s is in the chat", m.File.Kind)
		}
	}
	act("[График расхода]")
	if f := g.customer.Last().File; f == nil || f.Kind != "photo" || f.Width != 720 {
		t.Errorf("the chart came as %+v", f)
	}
}
