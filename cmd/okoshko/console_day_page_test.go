package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/staff"
	"okoshko/core/visit"
)

// fillDay books almost all that customers can of a day in Lesoozyorsk, and
// returns the visits.
func (s *server) fillDay(t *testing.T, date string) (list []visit.Booking) {
	t.Helper()
	names := []string{
		"Соколова Мария Игоревна", "Беляев Олег Петрович", "Журавлёв Степан Андреевич", "Кузьмина Вера Павловна", "Орлов Никита Сергеевич",
		"Преображенская-Константинопольская Александра Всеволодовна", "Гусев Борис Ильич", "Лапина Ольга", "Ким Ли", "Зайцева Нина Викторовна",
	}
	services := []string{"charges", "meter", "installments", "other", "account"}
	for n := 0; n < 60 && len(list) < 26; n++ {
		c := chat.Conversation("web:" + strconv.Itoa(n/2))
		service := services[n%len(services)]
		days, _, err := s.stores.db.VisitDays(t.Context(), visit.Query{Conversation: c, Office: "03", Service: service, Now: s.clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			if d.Date.String() == date && len(d.Slots) > 0 {
				at := d.Slots[(n*7)%len(d.Slots)].Start.In(pgtest.Zone)
				list = append(list, s.booked(t, c, "03", service, at.Format("2006-01-02 15:04"), names[n%len(names)]))
			}
		}
	}
	return list
}

// freeAt is a time that customers can still book in Lesoozyorsk on a day.
func (s *server) freeAt(t *testing.T, service, date string) string {
	t.Helper()
	days, _, err := s.stores.db.VisitDays(t.Context(), visit.Query{Office: "03", Service: service, Now: s.clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		if d.Date.String() == date && len(d.Slots) > 0 {
			return d.Slots[0].Start.In(pgtest.Zone).Format("2006-01-02 15:04")
		}
	}
	t.Fatalf("nothing is free on %s", date)
	return ""
}

// The day of a clerk in a browser: what she sees, what she does, and what changes
// before her eyes while others do something; with the keyboard alone; on a phone;
// on paper.
func TestDayPage(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	s.itIs(t, "2026-11-25 12:00")
	full := s.fillDay(t, "2026-11-26")
	if len(full) < 20 {
		t.Fatalf("a full day has %d visits", len(full))
	}
	s.itIs(t, "2026-11-26 10:35")
	colleague := s.employ(t, "boris", staff.OfficeClerk)
	if err := colleague.come(); err != nil {
		t.Fatal(err)
	}
	step := func(v visit.Booking, from, to visit.Status, window int) {
		t.Helper()
		if _, err := s.stores.db.MarkVisit(t.Context(), audit.Entry{}, visit.Mark{Office: "03", Visit: v.ID, From: from, To: to, Window: window}); err != nil {
			t.Fatal(err)
		}
	}
	var next visit.Booking // the first who is still to come
	for _, v := range full {
		switch clock := v.Start.In(pgtest.Zone).Format("15:04"); {
		case clock < "09:45":
			step(v, visit.Booked, visit.Arrived, 0)
			step(v, visit.Arrived, visit.Called, v.Window)
			step(v, visit.Called, visit.Served, 0)
		case clock < "10:00":
			step(v, visit.Booked, visit.NoShow, 0)
		case clock < "10:25":
			step(v, visit.Booked, visit.Arrived, 0)
		case next.ID == 0 || v.Start.Before(next.Start):
			next = v
		}
	}

	o := &office{t, newTab(t, 1280, 800)}
	o.do("sign in", chromedp.Navigate(apart(s.url(t))+"/console/"), o.signIn("nina", s.demoStaff["nina"]), see("h2", "День офиса"), see(".plan", "окно 1"))
	o.at("day-01-full")
	o.do("choose her window", chromedp.Evaluate(`(e => { e.value = "2"; e.dispatchEvent(new Event("change", {bubbles: true})) })([...document.querySelectorAll("label select")].at(-1))`, nil),
		see(".hall .act", "Вызвать к окну 2"))

	o.do("find by code", chromedp.SendKeys(".find input", next.Code+kb.Enter), see("dialog", next.Code))
	o.at("day-02-visit")
	o.do("read who comes", press("dialog button", "Показать имя"), see("dialog dd a", "+7900"), press("dialog button", "Уже здесь"), see(".told", "ждёт в зале"))
	o.do("undo", chromedp.WaitVisible(".told button:not(:disabled)"), press(".told button", "Отменить отметку"), see(".told", "ожидается"))
	o.do("mark again", chromedp.SendKeys(".find input", next.Code+kb.Enter), see("dialog", next.Code), press("dialog button", "Уже здесь"), see(".told", "ждёт в зале"))

	// A colleague is quicker, while this page cannot hear of it.
	o.do("open it", chromedp.SendKeys(".find input", next.Code+kb.Enter), see("dialog", "ждёт в зале"))
	if _, err := colleague.must("POST", fmt.Sprintf("/offices/03/day/visits/%d/step", next.ID), map[string]any{"from": "arrived", "to": "called", "window": 1}); err != nil {
		t.Fatal(err)
	}
	o.do("it follows", see("dialog", "у окна 1"), press("dialog button", "Приём окончен"), see(".told", "приём завершён"))

	// A customer books while she looks.
	late := s.booked(t, "web:late", "03", "other", s.freeAt(t, "other", "2026-11-26"), "Новикова Дарья")
	o.do("it appears", see(".plan .code", late.Code))

	o.do("somebody walks in", press(".top .act", "Без записи"), chromedp.WaitVisible("#walk-in-name"), chromedp.SendKeys("#walk-in-name", "Семён"))
	o.at("day-03-walk-in")
	o.do("take him in", press("dialog .act", "Добавить"), see(".told", "Посетитель добавлен"), see(".hall", "Семён"))
	o.at("day-04-later")

	var pdf []byte
	o.do("print", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = cdppage.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if pages := strings.Count(string(pdf), "/Type /Page\n"); pages != 1 {
		t.Errorf("%d visits take %d pages", len(full)+2, pages)
	}
	o.keep("day-05-paper.pdf", pdf)

	day := func(date string) chromedp.Action {
		return chromedp.Evaluate(fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector(".days input"))`, date), nil)
	}
	o.do("an empty day", day("2026-11-28"), see(".heading", "никто не записан"))
	o.at("day-06-empty")
	o.do("a closed day", day("2026-11-30"), see(".heading", "офис закрыт"))
	o.at("day-07-closed")
	o.do("a past day", day("2026-11-25"), see(".heading", "визитов не было"))
	o.do("back to today", press(".days button", "Сегодня"), see(".plan", "окно 1"))
}
