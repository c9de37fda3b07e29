package detect

import (
	"math"
	"slices"
	"strconv"
)

// Place is a point on the globe, in degrees.
type Place struct{ Latitude, Longitude float64 }

const (
	// Where Russia lies, in degrees: a pair of other numbers is no place.
	south, north = 41, 82
	west, east   = 19, 180
	// samePlace is how far from a known place one may be told, in degrees: some 50 m.
	samePlace = 0.0005
)

// coordinates finds a place on the globe at token i, which tells a house from its
// neighbour: «55.7558, 37.6173», «55°45′21″ N 37°37′04″ E».
func (s *scan) coordinates(i int) bool {
	if s.at(i).is != digits {
		return false
	}
	least := 4 // digits after the point
	if before := s.at(i - 1); before.has(compass) && len(before.norm) > 2*letter || before.sign(":") && s.at(i-2).has(compass) {
		least = 3 // «координаты 55.755, 37.617»
	}
	to, a := s.degrees(i, least)
	if to == i || s.before(i, reading|compass)&reading != 0 {
		return false
	}
	next := to
	for n := 0; n < 5 && !s.at(next).line && (s.at(next).sign(",;/.:=") || s.at(next).has(compass)); n++ {
		next++
	}
	to, b := s.degrees(next, least)
	place := Place{a, b}
	if !place.russian() {
		place = Place{b, a}
	}
	if to == next || s.at(next).line || !place.russian() || s.quantity(to-1) {
		return false
	}
	for n := 0; n < 2 && s.at(to).has(compass) && !s.at(to).line; n++ { // «37°37′ в.д.»
		to++
	}
	if slices.ContainsFunc(s.d.places, place.near) {
		s.leave(i, to)
	} else {
		s.mark(i, to, Address, false)
	}
	return true
}

func (p Place) russian() bool {
	return p.Latitude > south && p.Latitude < north && p.Longitude > west && p.Longitude < east
}

func (p Place) near(o Place) bool {
	return math.Abs(p.Latitude-o.Latitude) < samePlace && math.Abs(p.Longitude-o.Longitude) < samePlace
}

// degrees reads a coordinate at token i: its end and its value, in degrees. It has
// least digits after the point, or minutes: fewer tell no house, and the end is i.
func (s *scan) degrees(i, least int) (to int, degrees float64) {
	t := s.at(i)
	if t.is != digits || len(t.norm) > 3 || s.at(i-1).sign(".,") && t.glued && s.at(i-1).glued {
		return i, 0
	}
	to, degrees, places := s.decimal(i)
	if !s.at(to).sign("°º˚") {
		if places < least {
			return i, 0
		}
		return to, degrees
	}
	to++
	minutes := 0
	for part := 60.0; minutes < 2 && s.at(to).is == digits && len(s.at(to).norm) <= 2 && !s.at(to).line; part *= 60 {
		after, value, _ := s.decimal(to)
		if !s.at(after).sign("'′’`\"″”“") {
			break
		}
		for n := 0; n < 2 && s.at(after).sign("'′’`\"″”“") && !s.at(after).line; n++ {
			after++
		}
		to = after
		degrees += value / part
		minutes++
	}
	if minutes == 0 && places < least {
		return i, 0
	}
	return to, degrees
}

// decimal reads the number at token i with what follows its point or comma, and
// tells how many digits that has.
func (s *scan) decimal(i int) (to int, value float64, places int) {
	text := s.at(i).norm
	to = i + 1
	if s.at(to).sign(".,") && s.at(to).glued && s.at(to+1).is == digits && s.at(to+1).glued {
		text += "." + s.at(to+1).norm
		places = len(s.at(to + 1).norm)
		to += 2
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil { // a tail longer than numbers are: no place
		return i + 1, 0, 0
	}
	return to, value, places
}
