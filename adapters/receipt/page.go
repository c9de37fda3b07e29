package receipt

import (
	"bytes"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The sheet, in millimetres: A4 with its margins.
const (
	left, top, right, bottom = 15.0, 14.0, 195.0, 280.0
	width                    = right - left
)

// Shades of grey, 0 is black: the paper is the same from a printer without
// colours.
const (
	ink  = 20
	dim  = 95
	rule = 170
	tint = 238
)

// The sizes of letters in points, and how high a line of one point is.
const (
	small, plain, heading = 7.5, 9.0, 10.5
	leading               = 0.44
)

// paper is a document with the place at which it goes on.
type paper struct {
	pdf *fpdf.Fpdf
	y   float64
}

func newPaper() *paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(left, top, 210-right)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true) // the same bill is the same file
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p := &paper{pdf: pdf}
	p.addPage()
	return p
}

func (p *paper) addPage() {
	p.pdf.AddPage()
	p.y = top
}

// room goes to a new page if there is no place for so many millimetres; it
// reports whether it did.
func (p *paper) room(height float64) bool {
	if p.y+height <= bottom {
		return false
	}
	p.addPage()
	return true
}

func (p *paper) font(style string, size float64, shade int) {
	p.pdf.SetFont("go", style, size)
	p.pdf.SetTextColor(shade, shade, shade)
}

// put writes one line at a place, left, centred or right ("L", "C", "R") in a
// width; letters become smaller until it fits.
func (p *paper) put(x, y, w float64, align, style string, size float64, shade int, text string) {
	text = printable(text)
	p.font(style, size, shade)
	if full := p.pdf.GetStringWidth(text); full > w {
		size *= w / full * 0.99
		p.pdf.SetFontSize(size)
	}
	p.pdf.SetXY(x, y)
	p.pdf.CellFormat(w, size*leading, text, "", 0, align, false, 0, "")
}

// lines breaks a text at its spaces into lines of a width, in the font that is
// set; a word that is longer than a line is cut. Of what exceeds most lines an
// ellipsis is left.
func (p *paper) lines(text string, w float64, most int) (list []string) {
	line := ""
	for _, word := range strings.Fields(printable(text)) {
		if line != "" && p.pdf.GetStringWidth(line+" "+word) <= w {
			line += " " + word
			continue
		}
		if line != "" {
			list = append(list, line)
		}
		line = ""
		for _, r := range word {
			if line != "" && p.pdf.GetStringWidth(line+string(r)) > w {
				list = append(list, line)
				line = ""
			}
			if len(list) > most {
				break
			}
			line += string(r)
		}
		if len(list) > most {
			break
		}
	}
	if line != "" {
		list = append(list, line)
	}
	if len(list) > most {
		last := []rune(list[most-1])
		for len(last) > 0 && p.pdf.GetStringWidth(string(last)+"…") > w {
			last = last[:len(last)-1]
		}
		list = append(list[:most-1], string(last)+"…")
	}
	return list
}

// column is a column of a table.
type column struct {
	title string
	width float64
	align string
}

// table draws rows of as many cells as there are columns; the titles stand on
// every page that it reaches.
func (p *paper) table(columns []column, rows [][]string) {
	const row = plain * leading
	titles := func() {
		x := left
		p.pdf.SetFillColor(tint, tint, tint)
		p.pdf.Rect(left, p.y, width, 5, "F")
		for _, c := range columns {
			p.put(x+1, p.y+0.9, c.width-2, c.align, "", small, dim, c.title)
			x += c.width
		}
		p.y += 5.8
	}
	p.room(5.8 + 2*row)
	titles()
	for _, cells := range rows {
		p.font("", plain, ink)
		broken, most := make([][]string, len(cells)), 1
		for i, c := range columns {
			if c.align == "R" {
				broken[i] = []string{cells[i]} // a number is never broken
			} else {
				broken[i] = p.lines(cells[i], c.width-2, 3)
			}
			most = max(most, len(broken[i]))
		}
		height := float64(most)*row + 1.6
		if p.room(height) {
			titles()
		}
		x := left
		for i, c := range columns {
			for n, line := range broken[i] {
				p.put(x+1, p.y+float64(n)*row, c.width-2, c.align, "", plain, ink, line)
			}
			x += c.width
		}
		p.y += height - 0.7
		p.line(left, right, rule)
		p.y += 0.9
	}
}

// line draws a hairline at the place.
func (p *paper) line(from, to float64, shade int) {
	p.pdf.SetDrawColor(shade, shade, shade)
	p.pdf.SetLineWidth(0.15)
	p.pdf.Line(from, p.y, to, p.y)
}

// head writes the heading of a block and keeps it with what follows.
func (p *paper) head(text string) {
	p.room(22)
	p.y += 3.2
	p.put(left, p.y, width, "L", "B", heading, ink, text)
	p.y += heading*leading + 1.4
}

// note writes a paragraph in small letters.
func (p *paper) note(text string) {
	p.font("", small, dim)
	for _, line := range p.lines(text, width, 4) {
		p.room(small * leading)
		p.put(left, p.y, width, "L", "", small, dim, line)
		p.y += small*leading + 0.3
	}
}

// picture puts a PNG with sides of so many millimetres.
func (p *paper) picture(png []byte, x, y, side float64) {
	options := fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader("qr", options, bytes.NewReader(png))
	p.pdf.ImageOptions("qr", x, y, side, side, false, options, 0, "")
}

// drawn are the letters that both fonts have.
var drawn = sync.OnceValue(func() *[1 << 16]bool {
	has := new([1 << 16]bool)
	for i := range has {
		has[i] = true
	}
	for _, data := range [][]byte{goregular.TTF, gobold.TTF} {
		font, err := sfnt.Parse(data)
		if err != nil {
			panic(err) // the font is compiled in
		}
		var buffer sfnt.Buffer
		for r := range has {
			i, err := font.GlyphIndex(&buffer, rune(r))
			has[r] = has[r] && err == nil && i != 0
		}
	}
	return has
})

// printable returns a text of letters that the fonts can draw: signs that they
// lack become a question mark, so that nothing vanishes without a trace.
func printable(text string) string {
	has := drawn()
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case int(r) >= len(has) || !has[r]:
			return '?'
		}
		return r
	}, text)
}
