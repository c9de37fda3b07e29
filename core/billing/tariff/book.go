package tariff

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/table"
)

const (
	ranges  = 3         // since 01.01.2025 (spec §2.3)
	mostKWh = 1_000_000 // in a limit or norm; more is a mistake
)

// Book holds everything that is published on prices. It does not change after
// New and may be shared.
type Book struct {
	acts        []Act // the newest first
	versions    map[Group][]Version
	limits      map[bool][]limitsRow // by heating
	seasons     map[string][]season
	norms       map[normKey][]Norm
	most        map[Stove]Norm // rooms and residents of the last rows
	services    []Service
	unregulated map[unregulatedKey]Unregulated
	components  map[componentKey]map[Voltage]money.Kopecks
	shapes      map[shapeKey][]shape
	vat         []rate
	penalties   map[Audience][]rate
}

type normKey struct {
	stove            Stove
	rooms, residents int
}

type unregulatedKey struct {
	month    billing.Period
	category int
	power    Power
}

// New makes a book of the tables of Schema. The error is Invalid and names the
// table and the row: a value that cannot be read, versions that overlap or
// leave a gap, a range without its price, an act that is not there.
func New(list []table.Table) (*Book, error) {
	t, err := readAll(list)
	if err != nil {
		return nil, err
	}
	b := &Book{unregulated: map[unregulatedKey]Unregulated{}, most: map[Stove]Norm{}}
	for _, a := range t.acts {
		b.acts = append(b.acts, a)
	}
	slices.SortFunc(b.acts, func(a, o Act) int {
		return cmp.Or(o.Signed.Compare(a.Signed), strings.Compare(o.Number, a.Number))
	})
	var failed []error
	check := func(table string, err error) {
		if err != nil {
			failed = append(failed, fault.Wrap(fault.Invalid, fmt.Errorf("table %s: %w", table, err)))
		}
	}
	b.versions, err = versions(t)
	check("tariffs", err)
	b.limits, err = ordered(t.limits, func(l limitsRow) bool { return l.heating })
	check("range_limits", err)
	b.seasons, err = ordered(t.seasons, func(s season) string { return s.territory })
	check("heating_seasons", err)
	b.norms, err = ordered(t.norms, func(n Norm) normKey { return normKey{n.Stove, n.Rooms, n.Residents} })
	check("norms", errors.Join(err, b.normEnds()))
	check("services", b.addServices(t.services))
	check("unregulated_prices", b.addUnregulated(t.unregulated))
	check("price_components", b.addComponents(t.components))
	b.shapes, err = ordered(t.shapes, func(s shape) shapeKey { return shapeKey{s.off, s.hour} })
	check("hour_shapes", err)
	vat, err := ordered(t.vat, func(rate) struct{} { return struct{}{} })
	check("vat_rates", err)
	b.vat = vat[struct{}{}]
	b.penalties, err = ordered(t.penalties, func(r rate) Audience { return r.audience })
	check("penalty_rates", err)
	if len(failed) > 0 {
		return nil, errors.Join(failed...)
	}
	return b, nil
}

// ordered groups dated rows by key, each group in order of time and without
// gaps and overlaps.
func ordered[K comparable, T interface{ validity() Validity }](rows []T, key func(T) K) (map[K][]T, error) {
	groups := map[K][]T{}
	for _, r := range rows {
		groups[key(r)] = append(groups[key(r)], r)
	}
	for k, g := range groups {
		slices.SortStableFunc(g, func(a, b T) int { return a.validity().From.Compare(b.validity().From) })
		for i := 1; i < len(g); i++ {
			if err := follows(g[i-1].validity(), g[i].validity()); err != nil {
				return nil, fmt.Errorf("%v: %w", k, err)
			}
		}
	}
	return groups, nil
}

// follows checks that a version begins where the one before it ends.
func follows(before, next Validity) error {
	switch {
	case before.To.IsZero() || next.From.Before(before.To):
		return fmt.Errorf("the row from %s overlaps the one from %s", next.From, before.From)
	case before.To.Before(next.From):
		return fmt.Errorf("there is a gap from %s to %s", before.To, next.From)
	default:
		return nil
	}
}

// on returns the row of an ordered list that holds on a day.
func on[T interface{ validity() Validity }](list []T, d calendar.Date) (*T, bool) {
	// The newest rows are asked for most.
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].validity().Holds(d) {
			return &list[i], true
		}
	}
	return nil, false
}

// versions puts printed prices together and makes those that are not printed.
func versions(t *tables) (map[Group][]Version, error) {
	type key struct {
		group Group
		from  calendar.Date
	}
	made := map[key]*Version{}
	var order []key
	for _, p := range t.prices {
		k := key{p.group, p.From}
		v := made[k]
		if v == nil {
			v = &Version{Validity: p.Validity, Group: p.group, Act: t.acts[p.act]}
			made[k] = v
			order = append(order, k)
		}
		if v.To != p.To || v.Act.Number != p.act {
			return nil, fmt.Errorf("%s from %s: rows differ in their end or act", p.group, p.From)
		}
		for len(v.Ranges) < p.n {
			v.Ranges = append(v.Ranges, Range{N: len(v.Ranges) + 1})
		}
		q := &v.Ranges[p.n-1].quotes[p.zone]
		if q.Printed {
			return nil, fmt.Errorf("%s from %s: range %d, %s stands twice", p.group, p.From, p.n, p.zone)
		}
		*q = Quote{p.price, true}
	}
	var list []Version
	for _, k := range order {
		if err := made[k].complete(t); err != nil {
			return nil, fmt.Errorf("%s from %s: %w", k.group, k.from, err)
		}
		list = append(list, *made[k])
	}
	groups, err := ordered(list, func(v Version) Group { return v.Group })
	if err != nil {
		return nil, err
	}
	for _, g := range Groups() {
		if len(groups[g]) == 0 {
			return nil, fmt.Errorf("%s has no prices", g)
		}
	}
	return groups, nil
}

// complete checks the ranges and fills in the zones that are not printed.
func (v *Version) complete(t *tables) error {
	switch hasLimits := slices.ContainsFunc(t.limits, func(l limitsRow) bool { return !l.heating && l.Holds(v.From) }); {
	case len(v.Ranges) != 1 && len(v.Ranges) != ranges:
		return fmt.Errorf("%d ranges", len(v.Ranges))
	case len(v.Ranges) == ranges && !hasLimits:
		return errors.New("ranges have prices, but no limits (table range_limits)")
	case len(v.Ranges) == 1 && hasLimits:
		return errors.New("ranges have limits (table range_limits), but no prices")
	}
	for i := range v.Ranges {
		r := &v.Ranges[i]
		single := r.quotes[billing.ZoneSingle]
		if !single.Printed {
			return fmt.Errorf("range %d has no price of one rate", r.N)
		}
		if i > 0 && single.Price.Compare(v.Ranges[i-1].quotes[billing.ZoneSingle].Price) < 0 {
			return fmt.Errorf("range %d is cheaper than the one below it", r.N)
		}
		for z := billing.ZoneDay; z <= billing.ZoneHalfPeak; z++ {
			if r.quotes[z].Printed {
				continue
			}
			j := slices.IndexFunc(t.multipliers, func(m multiplier) bool { return m.zone == z && m.Holds(v.From) })
			if j < 0 {
				return fmt.Errorf("range %d has neither a price nor a multiplier for %s", r.N, z)
			}
			price, err := single.Price.By(t.multipliers[j].by)
			if err != nil {
				return err
			}
			r.quotes[z].Price = price
		}
	}
	return nil
}

// normEnds finds the last rows of norms and checks that none is missing below
// them.
func (b *Book) normEnds() error {
	for k := range b.norms {
		m := b.most[k.stove]
		m.Rooms, m.Residents = max(m.Rooms, k.rooms), max(m.Residents, k.residents)
		b.most[k.stove] = m
	}
	for stove, m := range b.most {
		for rooms := 1; rooms <= m.Rooms; rooms++ {
			for residents := 1; residents <= m.Residents; residents++ {
				if len(b.norms[normKey{stove, rooms, residents}]) == 0 {
					return fmt.Errorf("%s: nothing for %d rooms and %d residents", stove, rooms, residents)
				}
			}
		}
	}
	return nil
}

func (b *Book) addServices(rows []Service) error {
	groups, err := ordered(rows, func(s Service) string { return s.Code })
	for _, g := range groups {
		b.services = append(b.services, g...)
	}
	slices.SortFunc(b.services, func(a, o Service) int {
		return cmp.Or(strings.Compare(a.Code, o.Code), a.From.Compare(o.From))
	})
	return err
}

func (b *Book) addUnregulated(rows []Unregulated) error {
	for _, u := range rows {
		k := unregulatedKey{u.Month, u.Category, u.Power}
		if _, twice := b.unregulated[k]; twice {
			return fmt.Errorf("%s, category %d, %s stands twice", u.Month, u.Category, u.Power)
		}
		b.unregulated[k] = u
	}
	return nil
}
