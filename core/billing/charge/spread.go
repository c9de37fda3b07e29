package charge

import (
	"cmp"
	"math/bits"
	"slices"
)

// spread shares a whole amount in proportion to weights, by largest remainder:
// the shares sum to the amount, and none differs from its exact share by one or
// more. Of equal remainders the earlier one is served first. Weights are not
// negative; without any weight the first place takes all.
func spread[W, N ~int64 | ~int](amount N, weights []W) []N {
	shares := make([]N, len(weights))
	if len(weights) == 0 || amount == 0 {
		return shares
	}
	var whole uint64
	for _, w := range weights {
		whole += uint64(w)
	}
	if whole == 0 {
		shares[0] = amount
		return shares
	}
	type rest struct {
		place int
		left  uint64
	}
	rests := make([]rest, len(weights))
	given := N(0)
	for i, w := range weights {
		// 128 bits: kilowatt-hours times kilowatt-hours.
		hi, lo := bits.Mul64(uint64(amount), uint64(w))
		q, r := bits.Div64(hi, lo, whole)
		shares[i], rests[i] = N(q), rest{i, r}
		given += N(q)
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.left, a.left) })
	for i := range int(amount - given) {
		shares[rests[i].place]++
	}
	return shares
}
