// Package chart draws consumption as bars (R-5.1.3-a): a PNG for phones.
//
// Bars lie, so that a month has a line of its own with room for its name and its
// number, however large: standing ones would leave thirteen months forty pixels
// each. What was not read from the meter is striped and says so beside its number;
// zones differ in brightness as well as in colour, for those who see few colours.
package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/fault"
)

// Measures in pixels. The picture is as wide as a phone's screen of 360 points is at
// two pixels a point, so that the smallest letters are twelve points high there.
const (
	width  = 720
	margin = 28
	top    = 104 // above the first bar
	row    = 58  // from one bar to the next
	thick  = 38  // of a bar
	gap    = 14  // beside words
	least  = 4   // of a bar whose month is not empty
	month  = 150 // at most, for the name of a month

	titleSize, plainSize, noteSize = 36, 29, 25
	smallest                       = 15 // letters never become smaller
)

// most is the most bars of a picture: five years.
const most = 60

var (
	paper = color.RGBA{255, 255, 255, 255}
	ink   = color.RGBA{23, 33, 43, 255}
	soft  = color.RGBA{85, 99, 111, 255}
	line  = color.RGBA{219, 226, 233, 255}
	// zones are the colours of zones by their place: of the set by Okabe and Ito,
	// which people tell apart whatever colours they see.
	zones = []color.RGBA{{0, 114, 178, 255}, {230, 159, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}}
)

// Plotter implements bill.Plotter and may be shared.
type Plotter struct{}

var _ bill.Plotter = Plotter{}

// Plot implements bill.Plotter.
func (Plotter) Plot(c bill.Chart) ([]byte, error) {
	if len(c.Bars) == 0 {
		return nil, fault.New(fault.Invalid, "a chart without bars cannot be drawn")
	}
	c.Bars = c.Bars[:min(len(c.Bars), most)]
	legend := len(c.Zones) > 1
	height := top + row*len(c.Bars) + margin/2
	if legend {
		height += row
	}
	s := &sheet{img: image.NewRGBA(image.Rect(0, 0, width, height)), fonts: pool.Get().(*fonts)}
	defer pool.Put(s.fonts)
	draw.Draw(s.img, s.img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	s.text(margin, 62, width-2*margin, bold, titleSize, ink, c.Title)
	s.bars(c.Bars)
	if legend {
		s.legend(c.Zones, height-row/2-margin/2)
	}
	var out bytes.Buffer
	if err := s.encode(&out); err != nil {
		return nil, fault.Wrap(fault.Internal, err)
	}
	return out.Bytes(), nil
}

// encode writes the picture with a palette: the edges of letters are in steps of
// sixteen then, which nobody sees, and the file is a third.
func (s *sheet) encode(out *bytes.Buffer) error {
	p := &image.Paletted{Pix: make([]uint8, len(s.img.Pix)/4), Stride: width, Rect: s.img.Rect}
	places := map[[3]uint8]uint8{}
	var last [3]uint8
	var place uint8
	for i := range p.Pix {
		pix := s.img.Pix[4*i:]
		if c := [3]uint8{pix[0], pix[1], pix[2]}; i == 0 || c != last {
			last = c
			place = placeOf(&p.Palette, places, c)
		}
		p.Pix[i] = place
	}
	e := png.Encoder{CompressionLevel: png.DefaultCompression}
	return e.Encode(out, p)
}

// placeOf returns the place of a colour in a palette, which takes it in if it has
// room; the rough colour of a pixel at the edge of a letter otherwise.
func placeOf(palette *color.Palette, places map[[3]uint8]uint8, c [3]uint8) uint8 {
	place, ok := places[c]
	if ok {
		return place
	}
	rough := color.RGBA{step(c[0]), step(c[1]), step(c[2]), 255}
	for i, known := range *palette {
		if known == rough {
			places[c] = uint8(i) //nolint:gosec // a palette has 256 places
			return places[c]
		}
	}
	if len(*palette) < 256 {
		*palette = append(*palette, rough)
		places[c] = uint8(len(*palette) - 1) //nolint:gosec // as above
		return places[c]
	}
	place = uint8(palette.Index(rough)) //nolint:gosec // as above
	places[c] = place
	return place
}

// step rounds a shade to one of seventeen, black and white among them.
func step(v uint8) uint8 { return uint8(min((int(v)+8)/16*16, 255)) } //nolint:gosec // at most 255

// bars draws the months.
func (s *sheet) bars(list []bill.Bar) {
	left := 0
	for i := range list {
		left = max(left, s.wide(plain, plainSize, list[i].Label))
	}
	left = margin + min(left, month) + gap
	// The longest bar leaves room for its number; and so do all others.
	scale := 0.0 // pixels a kWh
	for i := range list {
		if sum := total(&list[i]); sum > 0 {
			room := max(width-margin-left-gap-s.after(&list[i]), width/4)
			if fits := float64(room) / float64(sum); scale == 0 || fits < scale {
				scale = fits
			}
		}
	}
	for i := range list {
		b, y := &list[i], top+row*i
		middle := y + thick/2
		s.textRight(left-gap, middle+plainSize*36/100, month, plain, plainSize, ink, b.Label)
		s.fill(image.Rect(left-2, y-(row-thick)/2, left, y+thick+(row-thick)/2), line)
		x, at, sum := left, billing.KWh(0), total(b)
		for zone, kwh := range b.KWh {
			at = add(at, kwh)
			end := left + int(float64(at)*scale+0.5)
			if at == sum && sum > 0 {
				end = max(end, left+least)
			}
			s.bar(image.Rect(x, y, end, y+thick), zones[zone%len(zones)], b.Note != "")
			x = end
		}
		x += gap
		x += s.text(x, middle+plainSize*36/100, max(width-margin-x, width/8), plain, plainSize, ink, b.Value)
		if b.Note != "" {
			x += gap / 2
			s.text(x, middle+plainSize*36/100, max(width-margin-x, 0), plain, noteSize, soft, b.Note)
		}
	}
}

// after is the room that a bar needs for what is written behind it.
func (s *sheet) after(b *bill.Bar) int {
	w := s.wide(plain, plainSize, b.Value)
	if b.Note != "" {
		w += gap/2 + s.wide(plain, noteSize, b.Note)
	}
	return w
}

// total is the length of a bar in kWh.
func total(b *bill.Bar) (sum billing.KWh) {
	for _, kwh := range b.KWh {
		sum = add(sum, kwh)
	}
	return sum
}

// add adds a part to a bar; less than nothing is nothing, and more than there are
// numbers for is the largest of them.
func add(sum, kwh billing.KWh) billing.KWh {
	if sum += max(kwh, 0); sum < 0 {
		return math.MaxInt64
	}
	return sum
}

// bar fills a part of a bar, striped if its volume was not read from the meter.
func (s *sheet) bar(r image.Rectangle, c color.RGBA, striped bool) {
	s.fill(r, c)
	if !striped {
		return
	}
	pale := color.RGBA{pale(c.R), pale(c.G), pale(c.B), 255}
	const stripe, edge = 8, 2
	inner := r.Inset(edge).Intersect(s.img.Bounds())
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		for x := inner.Min.X; x < inner.Max.X; x++ {
			if (x+y)/stripe%2 == 0 {
				s.img.SetRGBA(x, y, pale)
			}
		}
	}
}

func pale(v uint8) uint8 { return uint8((int(v) + 3*255) / 4) } //nolint:gosec // a mean of bytes is one

// legend names the zones in one line.
func (s *sheet) legend(names []string, y int) {
	const side = 26
	room := (width - 2*margin) / len(names)
	for i, name := range names {
		x := margin + i*room
		s.fill(image.Rect(x, y-side/2, x+side, y+side/2), zones[i%len(zones)])
		s.text(x+side+gap/2, y+noteSize*36/100, max(room-side-gap, 0), plain, noteSize, soft, name)
	}
}
