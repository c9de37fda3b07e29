package appeal_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/table"
)

var today = calendar.Date{Year: 2026, Month: 11, Day: 27}

func category(t *testing.T, code string) *appeal.Category {
	t.Helper()
	c, err := demo.Book().Category(code, today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// All categories of spec §5.6 are there, with the functions of its table.
func TestCategories(t *testing.T) {
	t.Parallel()
	want := map[appeal.Kind]string{
		appeal.Question:    "В-1 F1, В-2 F2, В-3 F3, В-4 F4, В-5 F5, В-6 F6, В-7 F1, В-8 F8, В-9 F10, В-0 VP",
		appeal.Complaint:   "Ж-1 F1, Ж-2 F2, Ж-3 F7, Ж-4 F9, Ж-5 F6, Ж-6 F6, Ж-7 SV, Ж-8 F11, Ж-9 F10",
		appeal.Application: "З-1 F2, З-2 F2, З-3 F1, З-4 F3, З-5 F1, З-6 F1, З-7 F9, З-8 F8, З-9 F4, З-10 F2, З-11 F1, З-12 F1",
		appeal.Review:      "О-1 F7, О-2 F7, О-3 F11",
	}
	b := demo.Book()
	for kind, list := range want {
		var got []string
		for _, c := range b.Offered(kind, "", today) {
			got = append(got, c.Code+" "+c.Function)
		}
		if diff := cmp.Diff(list, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	var called []appeal.Kind
	for _, k := range b.Kinds() {
		called = append(called, k.Kind)
	}
	if !slices.Equal(called, appeal.Kinds()) {
		t.Errorf("kinds are offered as %v", called)
	}
	for _, c := range b.Offered(appeal.Question, knowledge.Companies, today) {
		if c.Code == "В-5" || c.Code == "В-3" {
			t.Errorf("%s is offered to a company", c.Code)
		}
	}
	if _, err := b.Category("В-1", calendar.Date{Year: 2012, Month: 1, Day: 1}); !errors.Is(err, appeal.ErrNoCategory) {
		t.Errorf("before its day: %v", err)
	}
	if _, err := b.Category("В-99", today); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown code: %v", err)
	}
}

// The mandatory fields of spec §5.6, category by category, for somebody who wants
// to be asked and answered in the chat.
func TestMissing(t *testing.T) {
	t.Parallel()
	const text, common = " text", " contact answer_way"
	for code, want := range map[string]string{
		"В-1": "account period", "В-2": "account", "В-3": "address role", "В-4": "organisation tax_id", "В-5": "account benefit",
		"В-6": "address event_at", "В-7": "account paid_on paid_sum paid_by receipt", "В-8": "service", "В-9": "identity", "В-0": "",
		"Ж-1": "account period disputed own_readings read_on", "Ж-2": "account read_on own_readings", "Ж-3": "place event_at text",
		"Ж-4": "account cut_on notified", "Ж-5": "name address event_at text demand birth_date birth_place passport phone email",
		"Ж-6": "address event_at items damage_sum proof", "Ж-7": "case_date", "Ж-8": "channel device steps", "Ж-9": "text seen_at",
		"З-1": "account address reason phone wanted_dates", "З-2": "account meter_type meter_serial installed_on verified_on installer",
		"З-3": "account plan", "З-4": "address name basis own_readings read_on", "З-5": "account residents residents_proof",
		"З-6": "account certificate receive_by", "З-7": "account debt_sum parts hardship", "З-8": "service address phone wanted_dates",
		"З-9": "organisation tax_id kpp address power documents", "З-10": "account symptoms", "З-11": "account email paperless",
		"З-12": "account heating_proof no_gas", "О-1": "", "О-2": "object", "О-3": "",
	} {
		if !strings.Contains(want, "text") { // else it is what the category wants to know, and stands in its place
			want += text
		}
		if got, want := missing(category(t, code), nil, knowledge.Individuals), strings.TrimSpace(want+common); got != want {
			t.Errorf("%s lacks\n%s, want\n%s", code, got, want)
		}
	}
}

func missing(c *appeal.Category, a appeal.Answers, who knowledge.Audience) string {
	var names []string
	for _, f := range c.Missing(a, who) {
		names = append(names, string(f.Name))
	}
	return strings.Join(names, " ")
}

// What is asked follows from what was answered.
func TestConditions(t *testing.T) {
	t.Parallel()
	a := appeal.Answers{}.With("contact", "phone").With("answer_way", "post").With("text", "?")
	if got := missing(category(t, "В-0"), a, knowledge.Individuals); got != "phone post_address" {
		t.Errorf("a caller who wants a letter: %s", got)
	}
	for way, want := range map[string]string{"email": "email", "chat": ""} {
		if got := missing(category(t, "В-0"), a.With("contact", "chat").With("answer_way", way), knowledge.Individuals); got != want {
			t.Errorf("an answer by %s lacks %q, want %q", way, got, want)
		}
	}
	if got := missing(category(t, "В-0"), a.With("contact", "email").With("answer_way", "chat"), knowledge.Individuals); got != "email" {
		t.Errorf("a question by e-mail lacks %q", got)
	}
	if got := missing(category(t, "Ж-7"), a.With("case_number", "ОБ-2026-000123"), knowledge.Individuals); strings.Contains(got, "case_date") {
		t.Error("the day of a case is asked for although its number is there")
	}
	plan := category(t, "З-3")
	if got := missing(plan, a.With("account", "0145201372").With("plan", "double"), knowledge.Individuals); !strings.HasPrefix(got, "zones_ready") {
		t.Errorf("two zones lack %s", got)
	}
	claim := category(t, "Ж-5")
	if got := missing(claim, nil, knowledge.Companies); strings.Contains(got, "passport") || !strings.Contains(got, "ogrn") {
		t.Errorf("a company's claim lacks %s", got)
	}
	if !claim.Secure(knowledge.Individuals) || claim.Secure(knowledge.Companies) || plan.Secure(knowledge.Individuals) {
		t.Error("the secure form is for a person's passport alone (spec §3.6)")
	}
	if a.One("phone") != "" || len(a.All("phone")) != 0 {
		t.Error("With changed what it was called on")
	}
}

// An answer to a question that is not asked any more decides nothing.
func TestStaleAnswerDecidesNothing(t *testing.T) {
	t.Parallel()
	tables := demo.Tables()
	edit(tables, "appeal_forms", func(rows [][]string) [][]string {
		return append(rows, []string{"О-1", "2013-01-01", "10", "plan", "always"}, []string{"О-1", "2013-01-01", "20", "zones_ready", "if plan=double"},
			[]string{"О-1", "2013-01-01", "30", "object", "if zones_ready=no"})
	})
	b, err := appeal.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Category("О-1", today)
	if err != nil {
		t.Fatal(err)
	}
	a := appeal.Answers{}.With("plan", "double").With("zones_ready", "no")
	if got := missing(c, a, ""); !strings.HasPrefix(got, "object") {
		t.Errorf("lacks %s", got)
	}
	if got := missing(c, a.With("plan", "single"), ""); strings.Contains(got, "object") {
		t.Errorf("after a change of mind it lacks %s", got)
	}
}

func TestPrefill(t *testing.T) {
	t.Parallel()
	profile := appeal.Profile{
		appeal.FromAccount: {"0207319443"}, appeal.FromAddress: {"Старогорск, ул. Речников, 1, кв. 15"}, appeal.FromName: {"Иванова Мария Петровна"},
		appeal.FromMeter: {"020731940", "020731955"}, appeal.FromPhone: {"+79120000010"},
	}
	c := category(t, "З-2")
	a, filled := c.Prefill(appeal.Answers{}.With("name", "Петрова Анна").With("contact", "phone"), knowledge.Individuals, profile)
	if fmt.Sprint(filled) != "[account phone]" || a.One("account") != "0207319443" || a.One("name") != "Петрова Анна" || a.One("meter_serial") != "" {
		t.Errorf("filled %v: the account and the phone, neither a name that he gave nor one of two meters", filled)
	}
	item, _ := c.Item("meter_serial")
	if got := profile.Offers(item.Field); len(got) != 2 {
		t.Errorf("two meters are offered as %v", got)
	}
	if got := missing(c, a, knowledge.Individuals); strings.HasPrefix(got, "account") {
		t.Errorf("still lacks %s", got)
	}
	if said := fmt.Sprintf("%v %+v", a, a); strings.Contains(said, "0207319443") || strings.Contains(said, "Петрова") {
		t.Errorf("answers do not mask themselves: %s", said)
	}
}

// What is secret is parted from the rest, so that it can be sealed.
func TestPart(t *testing.T) {
	t.Parallel()
	given := appeal.Answers{}.With("passport", "6509123456").With("birth_date", "1985-06-05").With("text", "?")
	shown, secret := demo.Book().Part(given)
	if len(secret) != 2 || secret.One("passport") != "6509123456" || len(shown) != 3 || shown.One("passport") != privacy.Hidden ||
		shown.One("text") != "?" || given.One("passport") != "6509123456" {
		t.Errorf("shown %v, secret %v", shown, secret)
	}
	if back := demo.Book().Unhidden(shown.With("birth_date", "1985-06-06")); len(back) != 2 || back.One("birth_date") != "1985-06-06" {
		t.Errorf("what was hidden comes back as %v", back)
	}
	if shown, secret := demo.Book().Part(nil); shown != nil || secret != nil {
		t.Errorf("nothing parts into %v and %v", shown, secret)
	}
}

// A later row holds from its day on; a case of before is read as it was.
func TestVersions(t *testing.T) {
	t.Parallel()
	tables := demo.Tables()
	edit(tables, "appeal_categories", func(rows [][]string) [][]string {
		return append(rows,
			[]string{"5", "О-3", "2027-01-01", "true", "review", "both", "F7", "Идея", "Idea", "Идея", "Idea"},
			[]string{"5", "О-2", "2027-01-01", "false", "review", "both", "F7", "Замечание", "Remark", "Замечание", "Remark"})
	})
	edit(tables, "appeal_forms", func(rows [][]string) [][]string {
		return append(rows, []string{"О-3", "2027-02-01", "10", "object", "always"})
	})
	b, err := appeal.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[calendar.Date]string{
		today:                            "О-1 О-2 О-3",
		{Year: 2026, Month: 12, Day: 31}: "О-1 О-2 О-3",
		{Year: 2027, Month: 1, Day: 1}:   "О-1 О-3",
	} {
		var got []string
		for _, c := range b.Offered(appeal.Review, "", day) {
			got = append(got, c.Code)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("on %s %v are offered, want %v", day, got, want)
		}
	}
	for day, want := range map[calendar.Date]bool{{Year: 2027, Month: 1, Day: 31}: false, {Year: 2027, Month: 2, Day: 1}: true} {
		c, err := b.Category("О-3", day)
		if err != nil {
			t.Fatal(err)
		}
		if _, has := c.Item("object"); has != want || c.Names["en"] != "Idea" {
			t.Errorf("on %s the form has the object: %t", day, has)
		}
	}
	if c, err := b.Category("О-2", calendar.Date{Year: 2027, Month: 5, Day: 1}); err != nil || c.Offered {
		t.Errorf("a withdrawn category cannot be read: %v", err)
	}
}

// edit changes the rows of a table of the list.
func edit(list []table.Table, name string, by func([][]string) [][]string) {
	for i := range list {
		if list[i].Name == name {
			list[i].Rows = by(slices.Clone(list[i].Rows))
		}
	}
}

// What does not fit is refused, by the name of the table and the row.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table string
		row   []string
		says  string
	}{
		{"appeal_kinds", []string{"9", "wish", "Ж", "W", "п", "p"}, `"wish" is none of`},
		{"appeal_kinds", []string{"9", "review", "Ж", "W", "п", "p"}, "stands twice"},
		{"appeal_fields", []string{"Text 2", "text", "", "false", "Т", "T", "в", "a", "", ""}, "name of its own"},
		{"appeal_fields", []string{"audience", "text", "", "false", "Т", "T", "в", "a", "", ""}, "name of its own"},
		{"appeal_fields", []string{"phone", "phone", "", "false", "Т", "T", "в", "a", "", ""}, "name of its own"},
		{"appeal_fields", []string{"x", "image", "", "false", "Т", "T", "в", "a", "", ""}, "type"},
		{"appeal_fields", []string{"x", "text", "blood", "false", "Т", "T", "в", "a", "", ""}, "from"},
		{"appeal_fields", []string{"x", "text", "", "false", "Т", "", "в", "a", "", ""}, "stands in one language"},
		{"appeal_fields", []string{"x", "name", "name", "true", "Т", "T", "в", "a", "", ""}, "never filled in"},
		{"appeal_fields", []string{"x", "choice", "", "false", "Т", "T", "в", "a", "", ""}, "has no choices"},
		{"appeal_choices", []string{"phone", "1", "x", "а", "a"}, "that is a choice"},
		{"appeal_choices", []string{"plan", "4", "single", "а", "a"}, "code of its own"},
		{"appeal_categories", []string{"1", "В-1", "2013-01-01", "true", "question", "both", "F1", "а", "a", "а", "a"}, "stands twice"},
		{"appeal_categories", []string{"1", "В-1", "2027-01-01", "true", "review", "both", "F1", "а", "a", "а", "a"}, "another code"},
		{"appeal_categories", []string{"1", "нет такого", "2027-01-01", "true", "review", "both", "F1", "а", "a", "а", "a"}, "no code"},
		{"appeal_categories", []string{"1", "О-9", "2027-01-01", "true", "review", "both", "", "а", "a", "а", "a"}, "function has no value"},
		{"appeal_forms", []string{"Я-1", "2027-01-01", "1", "plan", "always"}, "no category"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "1", "colour", "always"}, "no field"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "1", "plan", "sometimes"}, "when it is needed"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "1", "plan", "if role=owner"}, "not asked before"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "1", "plan", "if audience=both"}, "cannot be"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "900", "plan", "if contact=pigeon"}, "cannot be"},
		{"appeal_forms", []string{"О-1", "2027-01-01", "1", "plan", "without role"}, "not asked before"},
		{"appeal_forms", []string{"*", "2027-01-01", "1", "text", "always"}, "always ask for contact"},
		{"appeal_forms", []string{"В-1", "2013-01-01", "1", "account", "always"}, "stands twice"},
	} {
		tables := demo.Tables()
		edit(tables, c.table, func(rows [][]string) [][]string { return append(rows, c.row) })
		_, err := appeal.New(tables)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "table appeal_") {
			t.Errorf("%s + %q: %v, want %q", c.table, c.row, err, c.says)
		}
	}
	for i := range demo.Tables() {
		tables := demo.Tables()
		name := tables[i].Name
		if _, err := appeal.New(slices.Delete(tables, i, i+1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// No form takes the program down, and whatever is accepted can be asked and
// checked.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{"always", "may", "if plan=single|double", "may if role=owner", "without account", "if a=b or c=d", "if =", "if audience=fl or contact=chat", "unsure always", "unsure without account", "unsure if role=owner", "unsure may"} {
		f.Add(seed, "plan", "О-1", 900)
	}
	f.Fuzz(func(t *testing.T, need, field, code string, place int) {
		tables := demo.Tables()
		edit(tables, "appeal_forms", func(rows [][]string) [][]string {
			return append(rows, []string{code, "2026-01-01", fmt.Sprint(place), field, need})
		})
		b, err := appeal.New(tables)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v is %v", err, fault.Of(err))
			}
			return
		}
		c, err := b.Category(code, today)
		if err != nil {
			return // the row is of all of them
		}
		item, ok := c.Item(appeal.Name(field))
		if !ok || item.Need.String() != need {
			t.Errorf("%q came back as %q", need, item.Need)
		}
		if asked := c.Asked(nil, knowledge.Individuals); len(c.Missing(nil, knowledge.Individuals)) > len(asked) {
			t.Error("more is missing than is asked")
		}
	})
}

// Who does not know what he must say may say so, and the case is complete without
// it; nobody may who decides by it when, who and where to answers.
func TestUnsure(t *testing.T) {
	t.Parallel()
	outage := category(t, "В-6")
	a := appeal.Answers{}.With("address", "Сосновка, Полевая, 3").With("text", "Нет света").With("contact", "chat").With("answer_way", "chat")
	if got := missing(outage, a, knowledge.Individuals); got != "event_at" {
		t.Fatalf("without the time it lacks %q", got)
	}
	a = a.With("event_at", appeal.Unknown)
	if got := missing(outage, a, knowledge.Individuals); got != "" || !a.Unsure("event_at") {
		t.Errorf("with the time unknown it lacks %q", got)
	}
	if flaws := outage.Flaws(a, today); len(flaws) > 0 {
		t.Errorf("the time cannot be unknown: %v", flaws)
	}
	if flaws := outage.Flaws(a.With("address", appeal.Unknown), today); len(flaws) != 1 {
		t.Errorf("an address that nobody knows: %v", flaws)
	}
	for _, field := range []string{"account", "address", "birth_date", "service", "receipt", "plan"} {
		tables := demo.Tables()
		edit(tables, "appeal_forms", func(rows [][]string) [][]string {
			return append(rows, []string{"О-1", "2026-01-01", "900", field, "unsure always"})
		})
		if _, err := appeal.New(tables); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s can be unknown: %v", field, err)
		}
	}
}

// What stands in the place of something unknown is asked for.
func TestUnsureStandIn(t *testing.T) {
	t.Parallel()
	tables := demo.Tables()
	edit(tables, "appeal_forms", func(rows [][]string) [][]string {
		return append(rows, []string{"О-1", "2026-01-01", "100", "meter_serial", "unsure always"}, []string{"О-1", "2026-01-01", "110", "address", "without meter_serial"})
	})
	b, err := appeal.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Category("О-1", today)
	if err != nil {
		t.Fatal(err)
	}
	a := appeal.Answers{}.With("meter_serial", appeal.Unknown)
	if got := missing(c, a, knowledge.Individuals); !strings.HasPrefix(got, "address") {
		t.Errorf("without a serial it lacks %q", got)
	}
}
