package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"okoshko/adapters/chart"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/fault"
)

var update = flag.Bool("update", false, "draw the golden pictures anew")

// year is a chart of thirteen months, of one zone or several.
func year(zones ...string) bill.Chart {
	c := bill.Chart{Title: "Расход по месяцам, кВт·ч", Zones: zones}
	for i := range 13 {
		b := bill.Bar{Label: fmt.Sprintf("окт %d", 2026-i)}
		sum := 0
		for k := range max(len(zones), 1) {
			n := 90 + (i*67+k*41)%190
			sum += n
			b.KWh = append(b.KWh, billing.KWh(n))
		}
		b.Value = strconv.Itoa(sum)
		if i == 1 {
			b.Note = "по среднему"
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

func plot(t testing.TB, c bill.Chart) image.Image {
	t.Helper()
	data, err := chart.Plotter{}.Plot(c)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Where the bars are, in pixels.
const (
	first, step = 104 + 19, 58
	blue        = 180 // the blue of the first zone, which nothing else has
)

func shade(img image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA) //nolint:forcetypeassert // RGBAModel makes them
}

// length is how many pixels of a row are of the first zone's colour.
func length(img image.Image, row int) (n int) {
	for x := range img.Bounds().Dx() {
		if c := shade(img, x, first+step*row); c.R < 16 && c.G > 90 && c.G < 130 && math.Abs(float64(c.B)-blue) < 16 {
			n++
		}
	}
	return n
}

// A bar is as long as its month has kWh, whatever the numbers.
func TestBarsMeasure(t *testing.T) {
	t.Parallel()
	for _, values := range [][]billing.KWh{{300, 150, 75}, {1}, {0, 0}, {100_000_000, 50_000_000}, {1, 100_000_000}, {-5, 10}, {3, 0, 3}} {
		c := bill.Chart{Title: "Расход"}
		most := billing.KWh(0)
		for _, v := range values {
			c.Bars = append(c.Bars, bill.Bar{Label: "окт 2026", Value: strconv.Itoa(int(v)), KWh: []billing.KWh{v}})
			most = max(most, v)
		}
		img := plot(t, c)
		longest := 0
		for i := range values {
			longest = max(longest, length(img, i))
		}
		if most > 0 && longest < img.Bounds().Dx()/4 {
			t.Errorf("%d: the longest bar has %d pixels", values, longest)
		}
		for i, v := range values {
			want := 0.0
			if v > 0 {
				want = max(4, float64(longest)*float64(v)/float64(most))
			}
			if got := length(img, i); math.Abs(float64(got)-want) > 2 {
				t.Errorf("%d: bar %d has %d pixels, want %.0f", values, i, got, want)
			}
		}
	}
}

// What was not read from the meter is striped: two shades lie in its bar.
func TestEstimatesAreStriped(t *testing.T) {
	t.Parallel()
	c := year()
	img := plot(t, c)
	shades := func(row int) int {
		seen := map[color.RGBA]bool{}
		for x := 200; x < 240; x++ {
			seen[shade(img, x, first+step*row)] = true
		}
		return len(seen)
	}
	if read, estimated := shades(0), shades(1); read != 1 || estimated != 2 {
		t.Errorf("a month that was read has %d shades, an estimated one %d", read, estimated)
	}
}

// Nothing is drawn over the border, and nothing of a bar over its number: the
// right margin is empty.
func TestMarginsStayEmpty(t *testing.T) {
	t.Parallel()
	long := year("день", "ночь")
	for i := range long.Bars {
		long.Bars[i].Label, long.Bars[i].Value = strings.Repeat("сентябрь ", 30), strings.Repeat("9", 60)
		long.Bars[i].Note = strings.Repeat("по нормативу ", 30)
	}
	long.Title = strings.Repeat("Расход ", 60)
	for name, c := range map[string]bill.Chart{"usual": year(), "zones": year("день", "ночь"), "words without end": long} {
		img := plot(t, c)
		white := color.RGBA{255, 255, 255, 255}
		for y := range img.Bounds().Dy() {
			for _, x := range []int{0, 8, 16, 24, 696, 704, 712, 719} {
				if got := shade(img, x, y); got != white {
					t.Fatalf("%s: %v at %d, %d", name, got, x, y)
				}
			}
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	if _, err := (chart.Plotter{}).Plot(bill.Chart{Title: "x"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no bars: %v", err)
	}
}

// The pictures look as they did when somebody looked at them last; edges of
// letters may differ by a shade.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]bill.Chart{"one": year(), "three": year("пик", "ночь", "полупик")} {
		img := plot(t, c)
		path := "testdata/" + name + ".png"
		if *update {
			data, err := chart.Plotter{}.Plot(c)
			if err == nil {
				err = os.WriteFile(path, data, 0o644) //nolint:gosec // a test's own file
			}
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds() != want.Bounds() {
			t.Errorf("%s: %v, want %v", name, img.Bounds(), want.Bounds())
			continue
		}
		differ := 0
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				a, b := shade(img, x, y), shade(want, x, y)
				if max(apart(a.R, b.R), apart(a.G, b.G), apart(a.B, b.B)) > 32 {
					differ++
				}
			}
		}
		if most := img.Bounds().Dx() * img.Bounds().Dy() / 1000; differ > most {
			t.Errorf("%s: %d pixels differ, at most %d may", name, differ, most)
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// Whatever the numbers and the words, there is a picture of the same width.
func FuzzPlot(f *testing.F) {
	f.Add(int64(305), int64(-1), "окт 2026", "1 305", "по среднему", uint8(13))
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), "", "\u202f", "", uint8(255))
	f.Add(int64(math.MinInt64), int64(0), strings.Repeat("я", 500), "\x00\xff", "🙂", uint8(1))
	f.Fuzz(func(t *testing.T, a, b int64, label, value, note string, n uint8) {
		c := bill.Chart{Title: label + value, Zones: []string{note, label}}
		for range n % 20 {
			c.Bars = append(c.Bars, bill.Bar{Label: label, Value: value, Note: note, KWh: []billing.KWh{billing.KWh(a), billing.KWh(b)}})
		}
		if len(c.Bars) == 0 {
			return
		}
		if img := plot(t, c); img.Bounds().Dx() != 720 {
			t.Errorf("%v", img.Bounds())
		}
	})
}

func BenchmarkPlot(b *testing.B) {
	c := year("день", "ночь")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (chart.Plotter{}).Plot(c); err != nil {
			b.Fatal(err)
		}
	}
}
