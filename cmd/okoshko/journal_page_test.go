package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/core/appeal"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// noted are lines of the audit as the stores write them, with every field that there
// is: those of cases come from what is done in the test itself.
var noted = []audit.Entry{
	{Act: audit.CaseStep, Subject: "ЖБ-2026-000001", Before: fields{"state": "registered"}, After: fields{
		"state": "routed", "event": "route", "queue": "raschet-01", "category": "Ж-1", "override": "on", "waive": "on", "unmanned": "on", "person": "1", "other": "ЖБ-2026-000002",
	}, Reason: "Расчётами занимается другая команда"},
	{Act: audit.CaseStep, Subject: "ОБ-2026-000001", Before: fields{"state": "registered"}, After: fields{"state": "answered", "event": "off_topic", "addressee": "grid", "reply": "ОБ-2026-000001/1"}},
	{Act: audit.TeamSave, Subject: "digital", Before: fields{"name": "Сайт"}, After: fields{"name": "Цифровые сервисы"}},
	{Act: audit.CaseStep, Subject: "ОБ-2026-000001", Before: fields{"state": "registered"}, After: fields{"state": "need_info", "event": "ask", "way": "phone"}},
	{Act: audit.CaseStep, Subject: "ОБ-2026-000001", Before: fields{"state": "registered", "territory": "01"}, After: fields{"state": "registered", "event": "locate", "territory": "02"}},
	{Act: audit.CaseResend, Subject: "ОБ-2026-000001", Before: fields{"state": "answered"}, After: fields{"state": "answered", "event": "resend", "way": "post", "reply": "ОБ-2026-000001/1"}},
	{Act: audit.CasePublish, Subject: "ОБ-2026-000001", Before: fields{"state": "closed"}, After: fields{"state": "closed", "event": "approve"}},
	{Act: audit.CaseReveal, Subject: "ЖБ-2026-000001", After: fields{"field": "passport"}, Reason: "Запрос в сетевую компанию"},
	{Act: audit.CaseReply, Subject: "ЖБ-2026-000001", After: fields{"reply": "ЖБ-2026-000001/1"}},
	{
		Act: audit.StaffChange, Subject: "анна", Before: fields{"roles": "operator", "teams": "", "territories": "01", "state": "active", "second_factor": "on", "name": "Анна"},
		After: fields{"roles": "operator, supervisor", "teams": "raschet-01", "territories": "01, 02", "state": "disabled", "second_factor": "off", "name": "Анна Ш."},
	},
	{Act: audit.SignInRefused, After: fields{"by": "code"}},
	{Act: audit.VisitStep, Subject: "visit/12", Before: fields{"status": "booked"}, After: fields{"status": "no_show"}},
	{Act: audit.WalkIn, Subject: "visit/13", After: fields{"office": "03", "service": "charges"}},
	{
		Act: audit.WeekChange, Subject: "office/03", Before: fields{"hours": "Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-15:00", "sanitary": "Tue,Thu"},
		After: fields{"hours": "Mon-Fri 08:00-17:00", "sanitary": "Mon", "visits": "2"},
	},
	{Act: audit.ClosureAdd, Subject: "office/03", After: fields{"first": "2026-12-01", "last": "2026-12-02", "hours": "", "visits": "3"}},
	{Act: audit.WindowsChange, Subject: "office/03", Before: fields{"windows": "2"}, After: fields{"windows": "3", "window 2": "charges 2026-12-01..", "visits": "0"}},
	{Act: audit.WindowShut, Subject: "office/03", After: fields{"window": "2", "first": "2026-12-01", "last": "2026-12-01", "hours": "10:00-12:00", "visits": "0"}},
	{Act: audit.RuleChange, Subject: "rule/lead_minutes", Before: fields{"value": "30"}, After: fields{"value": "60"}},
	{Act: audit.CalendarAdd, Subject: "calendar/2027", After: fields{"act": "Постановление № 1", "days": "247", "hours": "1972", "visits": "0"}},
	{Act: audit.LinkEnd, Conversation: "чат", Subject: "******1372", Before: fields{"channel": "tg"}, Reason: "Просьба клиента"},
	{Act: audit.Erasure, Subject: "1", After: fields{"by": "Ольга", "messages": "12", "files": "1"}, Reason: "Требование клиента"},
	{
		Act: audit.TablesChange, Subject: "term/answer/application", Before: fields{"terms answer application company": "5 calendar_days", "terms answer application ul tg how": "add"},
		After: fields{"terms answer application company": "3 working_days", "terms answer application ul tg how": "total", "terms answer application law_ru": "закон", "terms answer application valid_from": "2026-12-01"},
	},
	{Act: audit.TablesChange, Subject: "alerts/direction", After: fields{"alerts direction 80% receivers": "keeper,supervisor", "alerts direction breach mark": "breach", "alerts direction +1 clock": "direction"}},
	{Act: audit.TablesChange, Subject: "route/F3/*", Before: fields{"routes F3 * queue": "raschet-01"}, After: fields{"routes F3 * queue": "pdn"}},
	{Act: audit.TablesChange, Subject: "form/Ж-1", After: fields{"forms Ж-1 account needed": "may", "forms Ж-1 account place": "3", "forms Ж-1 account field": "account"}},
	{Act: audit.TablesChange, Subject: "field/passport", After: fields{"fields passport type": "text", "fields passport secret": "true", "fields passport label_ru": "Паспорт", "fields passport ask_ru": "Назовите", "fields passport hint_ru": "Цифры"}},
	{Act: audit.TablesChange, Subject: "category/Ж-1", After: fields{
		"categories Ж-1 kind": "complaint", "categories Ж-1 audience": "ul", "categories Ж-1 function": "F3", "categories Ж-1 offered": "false", "categories Ж-1 name_ru": "Имя", "categories Ж-1 plain_ru": "Слова", "categories Ж-1 code": "Ж-1",
	}},
	{Act: audit.TablesChange, Subject: "queue/pdn", After: fields{"queues pdn deputy": "servis", "queues pdn role": "supervisor", "queues pdn email": "почта", "queues pdn name_ru": "ПДН"}},
	{Act: audit.TablesChange, Subject: "withdrawn/appeal_terms", Before: fields{"terms contact application extension": "1 months"}},
	{Act: audit.AuditPrune, After: fields{"last": "12"}},
}

// fields are those of a line.
type fields = map[string]string

// code is what no line may show to people: a word in Latin letters.
var code = regexp.MustCompile(`[A-Za-z_]{2,}`)

// The journal shows no code: whatever a line of the audit keeps is said in the words
// of its reader's language, colleagues by their names; and a case that is routed
// against the table says why.
func TestTheJournalSpeaksInWordsInABrowser(t *testing.T) {
	t.Parallel()
	later(t)
	s := startServer(t)
	chief := s.hire(t, "page-chief", "Вера", nil, staff.Admin)
	igor := s.hire(t, "page-igor", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-1", map[appeal.Name]string{appeal.Body: "Начислили вдвое больше обычного."})
	igor.does(t, n, "route", map[string]any{"queue": "pdn", "unmanned": true, "waive": true, "note": "Просил Петров Иван Иванович, телефон 8 912 345-67-89"})
	for _, e := range noted {
		e.Staff = s.accountOf(t, igor).ID
		if err := s.stores.db.Audit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	o := &office{t, newTab(t, 1440, 900)}
	o.do("sign in", chromedp.Navigate(apart(s.url(t))+"/console/"), o.signIn(chief.login, chief.password), chromedp.WaitVisible(".bar .staff"),
		chromedp.Evaluate(`location.hash = "#audit"`, nil), see(".book", "действие с обращением"))
	var lines []string
	const all = `[...document.querySelectorAll(".book .what")].map(e => [...e.childNodes].filter(n => !n.classList?.contains("meta")).map(n => n.textContent).join(" | "))`
	o.do("read it", chromedp.Evaluate(all, &lines))
	if len(lines) < len(noted) {
		t.Fatalf("%d lines", len(lines))
	}
	people, err := s.stores.db.ListStaff(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		for _, a := range people { // a login stands for itself
			line = strings.ReplaceAll(line, ": "+a.Login, "")
		}
		if found := code.FindAllString(line, -1); len(found) > 0 {
			t.Errorf("codes %q in %s", found, line)
		}
	}
	said := strings.Join(lines, "\n")
	for _, want := range []string{
		"Состояние: Зарегистрировано → Передано специалистам", "Кто поможет: АО «Старогорские электросети»", "Сотрудник: ", "телефон [телефон]", "Кто удалил: Ольга", "Канал: Телеграм",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in:\n%s", want, said)
		}
	}
	if strings.Contains(said, "Петров") || strings.Contains(said, "345-67") {
		t.Error("a reason tells of a person")
	}
	o.at("61-journal")
}
