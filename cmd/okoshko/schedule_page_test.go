package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

// book books the first free slot of an office on a later day for somebody in a
// conversation, who has a phone.
func (s *server) book(t *testing.T, c chat.Conversation, office, service string) visit.Booking {
	t.Helper()
	db, now := s.stores.db, s.clock.Now()
	days, _, err := db.VisitDays(t.Context(), visit.Query{Conversation: c, Office: office, Service: service, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	phone, err := privacy.ParsePhone("+7 900 000-00-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days[2:] {
		if len(d.Slots) == 0 {
			continue
		}
		e := dialog.Effect{ID: string(c) + "/1/1", Conversation: c, At: now}
		done, err := db.Book(t.Context(), e, visit.Order{
			Choice: visit.Choice{Office: office, Service: service, Start: d.Slots[0].Start},
			Name:   privacy.NewPersonName("Иванова Анна Петровна"), Phone: phone, Lang: "ru",
		})
		if err != nil || done.Refused != "" {
			t.Fatalf("book: %q, %v", done.Refused, err)
		}
		return done.Booking
	}
	t.Fatal("nothing is free")
	return visit.Booking{}
}

// put sets the nth field of the sheet that a selector finds, as its reader would.
func put(selector string, n int, value string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`(e => {
		Object.getOwnPropertyDescriptor(e.constructor.prototype, "value").set.call(e, %q);
		e.dispatchEvent(new Event(e.tagName === "SELECT" ? "change" : "input", {bubbles: true}));
	})(document.querySelectorAll("dialog %s")[%d])`, value, selector, n), nil)
}

// A supervisor, on the page and the server with nothing between: she closes a
// window, whose booking goes to another one, then the office, sees who is hit and
// what he will read, saves it and takes it back. A clerk sees all that and can
// change nothing.
func TestSchedulePage(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	v := s.book(t, "web:hit", "01", "charges")
	zone, err := s.config.Company.Location()
	if err != nil {
		t.Fatal(err)
	}
	day := v.Start.In(zone).Format("2006-01-02")
	chief, clerk := s.employ(t, "chief", staff.Supervisor), s.employ(t, "nina-2", staff.OfficeClerk)
	o := &office{t, newTab(t, 1280, 800)}
	o.do("sign in", chromedp.Navigate(apart(s.url(t))+"/console/#schedule"), o.signIn(chief.login, chief.password), see(".part", "Часы работы"), see(".week", "08:00–19:00"))
	o.at("20-schedule")

	o.do("shut its window", press("button", "Закрыть одно окно"), chromedp.WaitVisible("dialog form"), put("input[type=date]", 0, day), put("input[type=date]", 1, day),
		put(".reasons input", 0, "ремонт окна"), press("dialog button", "Показать"), see("dialog .impact", fmt.Sprintf("Перейдёт в окно %d", v.Window+1)))
	o.at("21-shut-window")
	o.do("save it", press("dialog button", "Сохранить"), see(".part .rows", "ремонт окна"), see(".saved", "Сохранено"))
	if b, err := s.stores.db.Bookings(t.Context(), "web:hit", s.clock.Now()); err != nil || len(b) != 1 || b[0].Window != v.Window+1 || b[0].Status != visit.Booked || b[0].Sequence != 0 {
		t.Errorf("after the window was shut: %+v, %v", b, err)
	}

	o.do("close the office", press("button", "Особый день"), chromedp.WaitVisible("dialog form"), put("input[type=date]", 0, day), put("input[type=date]", 1, day),
		put(".reasons input", 0, "нет света"), press("dialog button", "Показать"), see("dialog .impact", "Иванова А. П."), see("dialog .impact", "Перенесём на"),
		chromedp.Evaluate(`document.querySelectorAll("dialog details").forEach(d => d.open = true)`, nil), see("dialog .said", "Ваш визит пришлось перенести"))
	o.at("22-close-office")
	o.do("save it", press("dialog button", "Сохранить"), see(".part .rows", "нет света"))
	o.at("23-closed")
	if b, err := s.stores.db.Bookings(t.Context(), "web:hit", s.clock.Now()); err != nil || len(b) != 1 || b[0].Status != visit.Moved || !b[0].Start.After(v.Start) {
		t.Errorf("after the office was closed: %+v, %v", b, err)
	}

	o.do("close it twice", press("button", "Особый день"), chromedp.WaitVisible("dialog form"), put("input[type=date]", 0, day), put("input[type=date]", 1, day),
		put(".reasons input", 0, "нет света"), press("dialog button", "Показать"), see("dialog .trouble", "часы уже изменены"), press("dialog button", "Отмена"))
	o.do("take it back", chromedp.Evaluate(`[...document.querySelectorAll(".part .rows li")].find(li => li.textContent.includes("нет света")).querySelector("button").click()`, nil), chromedp.WaitVisible("dialog form"), press("dialog button", "Показать"),
		see("dialog .impact", "Записей это не затронет"), press("dialog button", "Сохранить"),
		chromedp.Poll(`!document.querySelector(".part .rows").textContent.includes("нет света")`, nil))

	o.do("look at the week", press(".part .top button", "Изменить"), chromedp.WaitVisible("dialog .weekday"))
	o.at("24-week")
	o.do("leave, look at the windows", press("dialog button", "Отмена"), chromedp.Evaluate(`[...document.querySelectorAll(".part .top button")].at(-1).click()`, nil), see("dialog h2", "Окна"))
	o.at("25-windows")
	o.do("leave", press("dialog button", "Отмена"), chromedp.Evaluate(`document.querySelectorAll("main details").forEach(d => d.open = true)`, nil), see(".part", "2027"))
	o.do("paste a year that does not add up", chromedp.Evaluate(`(e => {
		Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(e, "year 2028 ПП РФ 1 от 01.10.2027\nmove 08.01=10.01\ntotal 247 1980");
		e.dispatchEvent(new Event("input", {bubbles: true}));
	})(document.querySelector("textarea"))`, nil), press("main form button", "Показать"), see("main form .trouble", "248 working days follow"))
	o.at("26-rules-and-calendar")
	lines := o.read("main")
	if strings.Contains(lines, "undefined") {
		t.Errorf("the page says: %s", lines)
	}

	o.do("leave", chromedp.Click(`[aria-label="Выйти"]`, chromedp.ByQuery), o.signIn(clerk.login, clerk.password), see(".sections button", "Расписание"),
		press(".sections button", "Расписание"), see(".part", "Часы работы"), see(".part .rows", "ремонт окна"))
	o.at("27-clerk")
	var buttons int
	o.do("count what she can press", chromedp.Evaluate(`document.querySelectorAll("main .part button, main form").length - document.querySelectorAll("main .rule").length`, &buttons))
	if buttons != 0 {
		t.Errorf("a clerk can press %d buttons", buttons)
	}
}
