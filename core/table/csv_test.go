package table_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"okoshko/core/table"
)

func TestInert(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                      "",
		"Вопрос":                "Вопрос",
		"-5":                    "-5",
		"+7,5":                  "+7,5",
		"=1+1":                  "'=1+1",
		"  =1+1":                "'  =1+1",
		"+cmd|' /C calc'!A0":    "'+cmd|' /C calc'!A0",
		"-2+3":                  "'-2+3",
		"-Inf":                  "'-Inf",
		"@SUM(A1)":              "'@SUM(A1)",
		"\t=1":                  "'\t=1",
		"\uff1dHYPERLINK(\"\")": "'\uff1dHYPERLINK(\"\")",
		"a=1":                   "a=1",
	} {
		if got := table.Inert(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	rows := [][]string{{"ЖБ", "=1", "два;три"}, {"\"кавычки\"", "строка\nещё", ""}}
	if err := table.WriteCSV(&b, []string{"Вид", "Доля", "Примечание"}, rows); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffВид;Доля;Примечание\r\nЖБ;'=1;\"два;три\"\r\n"; !strings.HasPrefix(b.String(), want) {
		t.Errorf("%q", b.String())
	}
	if err := table.WriteCSV(full{}, []string{"a"}, nil); err == nil {
		t.Error("a full disk is no error")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, csv.ErrFieldCount }

// No cell that is written begins like a formula, and nothing but an apostrophe is
// added.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"=1", "-5", " +x", "@a", "\r\n=1", "a;b\"c", "\x00", "\uff0b1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		got := table.Inert(cell)
		if strings.TrimPrefix(got, "'") != strings.TrimPrefix(cell, "'") && got != "'"+cell {
			t.Errorf("%q became %q", cell, got)
		}
		if plain := strings.TrimLeft(got, " \u00a0"); plain != "" && strings.ContainsRune("=@\uff1d\uff20", []rune(plain)[0]) {
			t.Errorf("%q runs as %q", cell, got)
		}
		var b strings.Builder
		if err := table.WriteCSV(&b, []string{"a", "b"}, [][]string{{cell, "x"}}); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		r.Comma = ';'
		back, err := r.ReadAll()
		if err != nil || len(back) != 2 {
			t.Fatalf("%q: %v %v", cell, back, err)
		}
		// The reader makes one line break of two signs.
		if back[1][0] != strings.ReplaceAll(got, "\r\n", "\n") && !strings.Contains(got, "\r") {
			t.Errorf("%q came back as %q", got, back[1][0])
		}
	})
}
