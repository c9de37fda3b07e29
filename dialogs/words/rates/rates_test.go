package rates_test

import (
	"os"
	"strings"
	"testing"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
	"okoshko/dialogs/words/wordstest"
)

func TestWords(t *testing.T) {
	t.Parallel()
	c, err := words.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Check(t, c, ".", "group.*", "plan.*", "zone.*", "at.*", "line.*", "voltage.*")
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.RU, words.EN} {
		var said []string
		for _, g := range append(tariff.Groups(), tariff.Equated, tariff.Legal) {
			said = append(said, rates.Group(lang, g))
		}
		for _, p := range tariff.Plans() {
			said = append(said, rates.Plan(lang, p))
			for _, z := range p.Zones() {
				said = append(said, rates.Zone(lang, z), rates.At(lang, z, money.MustPrice("6.19")))
			}
		}
		for _, v := range tariff.Voltages() {
			said = append(said, rates.Voltage(lang, v))
		}
		for _, s := range said {
			if strings.ContainsAny(s, "‹{") {
				t.Errorf("%s: no words: %q", lang, s)
			}
		}
	}
}

// The same line is public in a calculation, and data of an account in a bill.
func TestFormula(t *testing.T) {
	t.Parallel()
	l := charge.Line{Zone: billing.ZoneDay, KWh: 210, Range: 2, Price: money.MustPrice("6.13"), Sum: 128730}
	public, billed := rates.Formula(words.RU, &l, true), rates.Billed(words.RU, &l, false)
	if public[0].Holds != 0 || billed[0].Holds != privacy.ClassesOf(privacy.Reading, privacy.Money) {
		t.Errorf("public holds %b, billed %b", public[0].Holds, billed[0].Holds)
	}
	var text strings.Builder
	for _, s := range public[0].Spans {
		text.WriteString(s.Text)
	}
	if want := "День, диапазон 2: 210\u00a0кВт·ч × 6,13\u00a0₽ = 1\u202f287,30\u00a0₽"; text.String() != want {
		t.Errorf("got %q, want %q", text.String(), want)
	}
}
