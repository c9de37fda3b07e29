package tariffs_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// The files hold what the prices by the hour and by zone are, of every month that
// has them, at every voltage and power; cells are numbers that Russian spreadsheets
// read.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ru", "en"} {
		for category, want := range map[int]int{0: 22, 2: 15, 3: 3 * (1 + 744), 4: 3 * (2 + 744), 5: 3 * (3 + 744), 6: 3 * (4 + 744)} {
			t.Run(lang+"/"+strconv.Itoa(category), func(t *testing.T) {
				t.Parallel()
				table := asked(t, lang, strconv.Itoa(category)+".2026-10")
				if len(table) != 1+want {
					t.Fatalf("%d rows, want %d", len(table)-1, want)
				}
				for _, row := range table {
					if len(row) != len(table[0]) {
						t.Fatalf("%q has other columns than %q", row, table[0])
					}
				}
				if category == 0 {
					return
				}
				for _, row := range table[1:] {
					for _, cell := range row[5:] {
						if ok := regexp.MustCompile(`^\d+,\d\d$`).MatchString(cell); !ok {
							t.Fatalf("%q in %q is no sum", cell, row)
						}
					}
				}
			})
		}
	}
}

// A file's rows are the prices that bills are made of.
func TestFilesHoldThePrices(t *testing.T) {
	t.Parallel()
	book, days := demo.Book(), calendar.Published()
	months := book.HourlyMonths()
	if len(months) == 0 {
		t.Fatal("the demo has no prices by the hour")
	}
	for _, month := range months {
		table := asked(t, "ru", "4."+month.String())
		at := 1
		for _, power := range tariff.Powers() {
			var prices []tariff.Hourly
			for _, v := range tariff.Voltages() {
				h, err := book.Hourly(month, 4, power, v, days)
				if err != nil {
					t.Fatal(err)
				}
				prices = append(prices, h)
			}
			at += 2 // capacity and upkeep
			for hour := range prices[0].Hours {
				row := table[at]
				if want := fmt.Sprintf("%02d.%02d.%d", hour/24+1, month.Month, month.Year); row[2] != want || row[3] != strconv.Itoa(hour%24) {
					t.Fatalf("%s, %s: hour %d is %q", month, power, hour, row)
				}
				for i := range prices {
					if want := strings.Replace(prices[i].Hours[hour].String(), ".", ",", 1); row[5+i] != want {
						t.Fatalf("%s, %s, hour %d: %q, want %s", month, power, hour, row, want)
					}
				}
				at++
			}
		}
		if at != len(table) {
			t.Errorf("%s: %d rows, want %d", month, len(table), at)
		}
	}
}

// What is asked for that is not published is not made, and the customer hears of
// what there is.
func TestFilesThatAreNotThere(t *testing.T) {
	t.Parallel()
	for named, want := range map[string]string{
		"3.2024-11": "за ноябрь 2024 нет", "3.2026-11": "за ноябрь 2026 нет", "3.2099-01": "за январь 2099 нет",
		"x.2024-12": "за декабрь 2024 нет", "": "октябрь 2026", "3": "октябрь 2026", "3.../../etc": "октябрь 2026",
	} {
		e, bureau := stage(t, "ru")
		must(t, e.Do(t.Context(), "(token) c:tariffs.file:"+named))
		heard, err := e.Hear(t.Context(), 0)
		if err != nil || len(heard) != 1 || !strings.Contains(heard[0].Text, want) || len(bureau.Tables) != 0 {
			t.Errorf("%q: heard %+v, %v; made %d", named, heard, err, len(bureau.Tables))
		}
	}
}

// Who presses twice has the file once, and later again.
func TestAFileIsSentOnce(t *testing.T) {
	t.Parallel()
	e, bureau := stage(t, "ru")
	for i, want := range []int{1, 1, 2} {
		if i == 2 {
			must(t, e.Set(t.Context(), dialogstest.Noon.Add(time.Minute), "ru"))
		}
		must(t, e.Do(t.Context(), "(token) c:tariffs.file:3.2026-10"))
		if got := len(bureau.Tables); got != want {
			t.Errorf("press %d: %d files, want %d", i, got, want)
		}
	}
}

// asked is the table that somebody gets who asks for a file.
func asked(t *testing.T, lang, named string) [][]string {
	t.Helper()
	e, bureau := stage(t, lang)
	must(t, e.Do(t.Context(), "(token) c:tariffs.file:"+named))
	if len(bureau.Tables) != 1 {
		t.Fatalf("%s: %d tables were made", named, len(bureau.Tables))
	}
	return bureau.Tables[0]
}

func stage(t *testing.T, lang string) (*transcript.Engine, *dialogstest.Bureau) {
	t.Helper()
	bureau := dialogstest.NewBureau()
	e := transcript.NewEngine(dialogstest.Open(t, bureau.Serve(dialogstest.Ports()), transcript.NewWindow()), nil)
	must(t, e.Set(t.Context(), dialogstest.Noon, lang))
	return e, bureau
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
