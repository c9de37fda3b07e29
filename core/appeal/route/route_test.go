package route_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/route"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

var today = calendar.Date{Year: 2026, Month: 11, Day: 27}

// The table of spec §5.7, cell by cell.
func TestTable(t *testing.T) {
	t.Parallel()
	b := demo.Routes()
	for function, want := range map[string]string{
		"F1":  "raschet-01 raschet-01 raschet-03 raschet-04 raschet-03 raschet-04 raschet-07 raschet-07",
		"F2":  "uchet-01 uchet-02 uchet-03 uchet-04 uchet-05 uchet-04 uchet-07 uchet-08",
		"F3":  "dogovor-01 dogovor-01 dogovor-03 dogovor-04 dogovor-03 dogovor-04 dogovor-07 dogovor-07",
		"F4":  "biz biz biz biz-yug biz biz-yug biz biz",
		"F5":  "lgoty lgoty lgoty lgoty lgoty lgoty lgoty lgoty",
		"F6":  "seti-sever seti-sever seti-sever seti-yug seti-sever seti-yug seti-yug seti-yug",
		"F7":  "servis servis servis servis servis servis servis servis",
		"F8":  "uslugi-01 uslugi-01 uslugi-03 uslugi-04 uslugi-03 uslugi-04 uslugi-07 uslugi-08",
		"F9":  "dolg-01 dolg-01 dolg-03 dolg-04 dolg-03 dolg-04 dolg-07 dolg-07",
		"F10": "pdn pdn pdn pdn pdn pdn pdn pdn",
		"F11": "digital digital digital digital digital digital digital digital",
	} {
		var got []string
		for territory := 1; territory <= 8; territory++ {
			got = append(got, b.Find(route.Ask{Function: function, Territory: fmt.Sprintf("%02d", territory), Day: today}).Queue.Code)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", function, diff)
		}
	}
}

// Every category has somebody who answers it, everywhere.
func TestEveryCategoryIsRouted(t *testing.T) {
	t.Parallel()
	b := demo.Routes()
	for _, kind := range appeal.Kinds() {
		for _, c := range demo.Book().Offered(kind, "", today) {
			for territory := 1; territory <= 8; territory++ {
				r := b.Find(route.Ask{Function: c.Function, Territory: fmt.Sprintf("%02d", territory), Day: today})
				if last := r.Why[len(r.Why)-1]; last.Why != route.Ruled && last.Why != route.RuledAll || r.Queue.Email == "" {
					t.Errorf("%s in %02d goes to %q by %v", c.Code, territory, r.Queue.Code, r.Why)
				}
			}
		}
	}
	for role, email := range map[staff.Role]string{
		staff.ReceptionSpecialist: "vp@sesk.example", staff.ApplicationRouter: "zayavki@sesk.example", staff.ComplaintRouter: "zhaloby@sesk.example",
	} {
		if got := b.Desk(role).Email; got != email {
			t.Errorf("letters to %s go to %s", role, got)
		}
	}
}

// Where a case goes and why, by who is there and whom it is about.
func TestFind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ask    route.Ask
		queue  string
		people []int64
		why    string
	}{
		"by the table": {
			route.Ask{Function: "F1", Territory: "05", Origin: route.ByAccount},
			"raschet-03", nil,
			"located 05 account, ruled F1 05 raschet-03",
		},
		"everywhere the same": {
			route.Ask{Function: "F5"},
			"lgoty", nil,
			"unlocated, ruled_all F5 lgoty",
		},
		"nobody knows where": {
			route.Ask{Function: "F1"},
			"vp", nil,
			"unlocated, no_rule F1 vp",
		},
		"no such territory": {
			route.Ask{Function: "F2", Territory: "99", Origin: route.ByAnswer},
			"vp", nil,
			"located 99 answer, no_rule F2 99 vp",
		},
		"somebody is there": {
			route.Ask{Function: "F1", Territory: "03", Present: map[string][]int64{"raschet-03": {7, 8}}},
			"raschet-03",
			[]int64{7, 8},
			"located 03 answer, ruled F1 03 raschet-03",
		},
		"the deputy": {
			route.Ask{Function: "F1", Territory: "03", Present: map[string][]int64{"raschet-01": {9}}},
			"raschet-01",
			[]int64{9},
			"located 03 answer, ruled F1 03 raschet-03, absent raschet-03, deputised raschet-01",
		},
		"deputies of each other": {
			route.Ask{Function: "F1", Territory: "03", Present: map[string][]int64{"kontrol": {1}}},
			"kontrol",
			[]int64{1},
			"located 03 answer, ruled F1 03 raschet-03, absent raschet-03, deputised raschet-01, absent raschet-01, supervised kontrol",
		},
		"nobody at all": {
			route.Ask{Function: "F7", Territory: "01", Present: map[string][]int64{}},
			"kontrol", nil,
			"located 01 answer, ruled_all F7 servis, absent servis, supervised kontrol, absent kontrol, nobody kontrol",
		},
		"about one of two": {
			route.Ask{Function: "F7", Territory: "01", About: []int64{7}, Present: map[string][]int64{"servis": {7, 8}}},
			"servis",
			[]int64{8},
			"located 01 answer, ruled_all F7 servis",
		},
		"about the only one": {
			route.Ask{Function: "F7", Territory: "01", About: []int64{7}, Present: map[string][]int64{"servis": {7}, "kontrol": {7, 1}}},
			"kontrol",
			[]int64{1},
			"located 01 answer, ruled_all F7 servis, concerned servis, supervised kontrol",
		},
		"nobody works there, at night": {
			route.Ask{Function: "F1", Territory: "03", Members: map[string][]int64{"raschet-01": {9}, "kontrol": {1}}},
			"raschet-01", nil,
			"located 03 answer, ruled F1 03 raschet-03, vacant raschet-03, deputised raschet-01",
		},
		"nobody works there, nor is anybody else there": {
			route.Ask{Function: "F7", Territory: "01", Members: map[string][]int64{"kontrol": {1}}, Present: map[string][]int64{}},
			"kontrol", nil,
			"located 01 answer, ruled_all F7 servis, vacant servis, supervised kontrol, absent kontrol, nobody kontrol",
		},
		"about the only one who works there, at night": {
			route.Ask{Function: "F7", Territory: "01", About: []int64{7}, Members: map[string][]int64{"servis": {7}, "kontrol": {7, 1}}},
			"kontrol", nil,
			"located 01 answer, ruled_all F7 servis, concerned servis, supervised kontrol",
		},
		"about the supervisor, who is alone": {
			route.Ask{Function: "SV", About: []int64{1}, Present: map[string][]int64{"kontrol": {1}}},
			"kontrol", nil,
			"unlocated, ruled_all SV kontrol, concerned kontrol, nobody kontrol",
		},
	} {
		c.ask.Day = today
		r := demo.Routes().Find(c.ask)
		var why []string
		for _, s := range r.Why {
			why = append(why, strings.Join(strings.Fields(fmt.Sprint(s.Why, " ", s.Function, " ", s.Territory, " ", s.Origin, " ", s.Queue)), " "))
		}
		if diff := cmp.Diff(c.why, strings.Join(why, ", ")); r.Queue.Code != c.queue || !slices.Equal(r.People, c.people) || diff != "" {
			t.Errorf("%s: %s %v (-want +got):\n%s", name, r.Queue.Code, r.People, diff)
		}
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		account        billing.AccountNumber
		address, asked string
		territory      string
		by             route.Origin
	}{
		{"0561209347", "Старогорск, ул. Садовая, 5", "03", "05", route.ByAccount},
		{"ЭС-0123/26", "Старогорск, ул. Ладожская, 4", "", "01", route.ByAddress},
		{"", "г. Старогорск, пр-кт Энергетиков, 18", "", "02", route.ByAddress},
		{"", "Старогорск, ул. Неизвестная, 1", "02", "02", route.ByAnswer},
		{"", "Лесоозёрский р-н, д. Сосновка, ул. Полевая, 3", "", "03", route.ByAddress},
		{"", "ЛЕСООЗЕРСК, ул. Садовая, 5", "", "03", route.ByAddress},
		{"", "живу в Рудной Горе, Кедровая 11", "", "08", route.ByAddress},
		{"", "между Тихим Плёсом и Синим Мостом", "", "", route.Unknown},
		{"", "", "", "", route.Unknown},
	} {
		territory, by := demo.Routes().Locate(c.account, c.address, c.asked)
		if territory != c.territory || by != c.by {
			t.Errorf("%s, %q, %q: %q by %s, want %q by %s", c.account, c.address, c.asked, territory, by, c.territory, c.by)
		}
	}
}

// A route holds from its day; without a queue it ends.
func TestVersions(t *testing.T) {
	t.Parallel()
	tables := demo.RouteTables()
	tables[2].Rows = append(slices.Clone(tables[2].Rows),
		[]string{"F5", "03", "2027-01-01", "raschet-03"}, []string{"F5", "03", "2027-06-01", ""}, []string{"F1", "03", "2027-06-01", ""})
	b, err := route.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ function, day, queue string }{
		{"F5", "2026-12-31", "lgoty"}, {"F5", "2027-01-01", "raschet-03"}, {"F5", "2027-06-01", "lgoty"}, {"F1", "2027-06-01", "vp"}, {"F1", "2012-01-01", "vp"},
	} {
		day, err := calendar.ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Find(route.Ask{Function: c.function, Territory: "03", Day: day}).Queue.Code; got != c.queue {
			t.Errorf("%s on %s goes to %s, want %s", c.function, c.day, got, c.queue)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table int
		row   []string
		says  string
	}{
		{0, []string{"F1", "а", "a"}, "code of its own"},
		{0, []string{"F12", "", ""}, "a name"},
		{1, []string{"biz", "", "", "a@sesk.example", "а", "a"}, "code of its own"},
		{1, []string{"Новая", "", "", "a@sesk.example", "а", "a"}, "code of its own"},
		{1, []string{"new", "", "", "nowhere", "а", "a"}, "e-mail"},
		{1, []string{"new", "customer", "", "a@sesk.example", "а", "a"}, "none of"},
		{1, []string{"new", "supervisor", "", "a@sesk.example", "а", "a"}, "two queues"},
		{1, []string{"new", "", "new", "a@sesk.example", "а", "a"}, "which is none"},
		{1, []string{"new", "", "old", "a@sesk.example", "а", "a"}, "which is none"},
		{2, []string{"F99", "01", "2027-01-01", "biz"}, "no function"},
		{2, []string{"F1", "1", "2027-01-01", "biz"}, "no code of a territory"},
		{2, []string{"F1", "01", "2027-01-01", "old"}, "no queue"},
		{2, []string{"F1", "01", "2013-01-01", "biz"}, "stands twice"},
		{3, []string{"*", "дубки", ""}, "no code of a territory"},
		{3, []string{"01", "Дубки", ""}, "no word"},
		{3, []string{"01", "*", ""}, "no word"},
	} {
		tables := demo.RouteTables()
		tables[c.table].Rows = append(slices.Clone(tables[c.table].Rows), c.row)
		if _, err := route.New(tables); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.row, err, c.says)
		}
	}
	tables := demo.RouteTables()
	tables[1].Rows = slices.DeleteFunc(slices.Clone(tables[1].Rows), func(row []string) bool { return row[0] == "vp" })
	tables[2].Rows = slices.DeleteFunc(slices.Clone(tables[2].Rows), func(row []string) bool { return row[3] == "vp" })
	if _, err := route.New(tables); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "vp_specialist has no queue") {
		t.Errorf("without a reception: %v", err)
	}
}

// Whatever the deputies are and whoever is there, a case goes somewhere and never
// to those whom it is about.
func FuzzFind(f *testing.F) {
	f.Add("F1", "03", uint16(0b1011), uint16(0b10), []byte("abcde"))
	f.Add("SV", "", uint16(0), uint16(0xffff), []byte{})
	f.Fuzz(func(t *testing.T, function, territory string, here, about uint16, deputies []byte) {
		tables := demo.RouteTables()
		rows := slices.Clone(tables[1].Rows)
		for i, d := range deputies {
			if i < len(rows) && int(d) < len(rows) && int(d) != i {
				rows[i] = slices.Clone(rows[i])
				rows[i][2] = rows[d][0]
			}
		}
		tables[1].Rows = rows
		b, err := route.New(tables)
		if err != nil {
			t.Fatal(err)
		}
		ask := route.Ask{Function: function, Territory: territory, Day: today, Present: map[string][]int64{}}
		for i, q := range b.Queues() {
			if here&(1<<(i%16)) != 0 {
				ask.Present[q.Code] = []int64{int64(i), int64(i + 1)}
			}
			if about&(1<<(i%16)) != 0 {
				ask.About = append(ask.About, int64(i))
			}
		}
		r := b.Find(ask)
		if r.Queue.Code == "" || len(r.Why) == 0 {
			t.Errorf("it goes nowhere: %+v", r)
		}
		for _, id := range r.People {
			if slices.Contains(ask.About, id) {
				t.Errorf("%d gets a case about himself", id)
			}
		}
		if len(r.People) == 0 && r.Why[len(r.Why)-1].Why != route.Nobody {
			t.Errorf("nobody is there, and %v", r.Why)
		}
		b.Locate("", function+" "+territory, "")
	})
}

// Whatever an administrator writes into a row is refused as Invalid, or holds.
func FuzzTables(f *testing.F) {
	f.Add("F1", "03", "new-1", "a@sesk.example", "biz", "2026-01-01", "дубк*")
	f.Add("VP", "*", "vp", "", "", "", "")
	f.Fuzz(func(t *testing.T, function, territory, queue, email, deputy, from, place string) {
		tables := demo.RouteTables()
		for i, row := range [][]string{{function + "0", "а", "a"}, {queue, "", deputy, email, "а", "a"}, {function, territory, from, queue}, {territory, place, ""}} {
			tables[i].Rows = append(slices.Clone(tables[i].Rows), row)
		}
		b, err := route.New(tables)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v is %v", err, fault.Of(err))
			}
			return
		}
		if r := b.Find(route.Ask{Function: function, Territory: territory, Day: today, Present: map[string][]int64{queue: {1}}}); r.Queue.Code == "" {
			t.Errorf("it goes nowhere: %+v", r)
		}
	})
}
