package billing_test

import (
	"errors"
	"testing"

	"okoshko/core/billing"
)

func TestProofMatches(t *testing.T) {
	t.Parallel()
	account := func(house, flat string, serials ...billing.MeterSerial) billing.Account {
		a := billing.Account{Number: "0145201372", House: house, Flat: flat}
		for i, s := range serials {
			a.Meters = append(a.Meters, billing.Meter{ID: billing.MeterID(i + 1), Serial: s})
		}
		return a
	}
	flat := account("5", "12", "011845093")
	for _, tc := range []struct {
		text string
		a    billing.Account
		want bool
	}{
		{"5093", flat, true},
		{" 5093.", flat, true},
		{"последние цифры 5093", flat, true},
		{"５０９３", flat, true},
		{"011845093", flat, true},
		{"№ 011845093", flat, true},
		{"5094", flat, false},
		{"111845093", flat, false},
		{"1011845093", flat, false},
		{"5, 12", flat, true},
		{"5-12", flat, true},
		{"5/12", flat, true},
		{"5 12", flat, true},
		{"д. 5 кв. 12", flat, true},
		{"д.5,кв.12", flat, true},
		{"дом 5 квартира 12", flat, true},
		{"Садовая 5, 12", flat, true},
		{"ул. Садовая, д.05, кв.012", flat, true},
		{"12, 5", flat, false},
		{"5", flat, false},
		{"512", flat, false},
		{"5, 12, 1", flat, false},
		{"дом 3", account("3", ""), true},
		{"3", account("3", ""), true},
		{"3, 1", account("3", ""), false},
		{"44 гараж", account("44", ""), true},
		{"гараж 44", account("44", ""), true},
		{"гараж № 44", account("44", ""), true},
		{"5/2 кв 7", account("5/2", "7"), true},
		{"5 корп 2 кв 7", account("5/2", "7"), true},
		{"5 к. 2, 7", account("5/2", "7"), true},
		{"5к2-7", account("5 корп. 2", "7"), true},
		{"5а", account("5А", ""), true},
		{"5 а", account("5а", ""), true},
		{"5A", account("5А", ""), true}, // Latin
		{"5а, 12", account("5А", "12"), true},
		{"5е 1", account("5Ё", "1"), true},
		{"5к", account("5К", ""), true},
		{"5б", account("5а", ""), false},
		{"5", account("5а", ""), false},
		{"5, 12б", account("5", "12Б"), true},
		{"1955", account("44", "", "020731940", "020731955"), true},
		{"1940", account("44", "", "020731940", "020731955"), true},
		{"0000", account("", "", ""), false},
		{"5093", billing.Account{}, false},
		{"5, 12", billing.Account{}, false},
		{"5093", account("", "", "093"), false},
	} {
		p, err := billing.ParseProof(tc.text)
		if err != nil {
			t.Errorf("%q: %v", tc.text, err)
			continue
		}
		if got := p.Matches(tc.a); got != tc.want {
			t.Errorf("%q against %s %s: got %v (serial %q, place %q)", tc.text, tc.a.House, tc.a.Flat, got, p.Serial, p.Place)
		}
	}
	for _, a := range []billing.Account{flat, {}, account("", "", "")} {
		if (billing.Proof{}).Matches(a) {
			t.Errorf("an empty proof is right for %+v", a)
		}
	}
}

func TestProofRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"что такое т1 и т2", "T2 это ночь?", "2 тариф, 3 зона", "", "не знаю", "Садовая", "5 12 3 4 5", "12345678901234567", "12345 1", "🙂",
	} {
		if p, err := billing.ParseProof(text); !errors.Is(err, billing.ErrProof) || p != (billing.Proof{}) {
			t.Errorf("%q: got %q %q, %v", text, p.Serial, p.Place, err)
		}
	}
}
