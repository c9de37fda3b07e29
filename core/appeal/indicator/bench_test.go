package indicator_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
)

// A year of a large supplier.
func BenchmarkCount(b *testing.B) {
	lots := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // the same cases every time
	cases := make([]indicator.Case, 200_000)
	for i := range cases {
		at := start.Add(time.Duration(lots.IntN(365*24)) * time.Hour)
		cases[i] = indicator.Case{
			Kind: appeal.Kinds()[lots.IntN(4)], Registered: at, Answered: at.Add(time.Duration(lots.IntN(400)) * time.Hour), Due: at.Add(300 * time.Hour),
		}
	}
	year := indicator.Span{From: start, To: start.AddDate(1, 0, 0)}
	b.ReportAllocs()
	for b.Loop() {
		if len(indicator.Count(slices.Values(cases), year, indicator.ByKind)) != 4 {
			b.Fatal("kinds are lost")
		}
	}
}
