// Package paper draws pages of A4: lines, paragraphs and tables in letters that
// every printer has, without colours. What stands on them is the business of
// receipt and letter.
package paper

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"okoshko/core/fault"
)

// The sheet, in millimetres: A4 with its margins.
const (
	Left, Top, Right, Bottom = 15.0, 14.0, 195.0, 280.0
	Width                    = Right - Left
	footer                   = 286.0 // where the last line of a page stands
)

// Shades of grey, 0 is black: the paper is the same from a printer without
// colours.
const (
	Ink  = 20
	Dim  = 95
	Hair = 170 // lines between rows
	Tint = 238 // grounds
)

// The sizes of letters in points, and how high a line of one point is.
const (
	Small, Plain, Heading = 7.5, 9.0, 10.5
	Leading               = 0.44
)

// Paper is a document with the place at which it goes on. Measures are in
// millimetres, sizes of letters in points, shades from 0, black, to 255.
type Paper struct {
	// Y is how far down the page it goes on.
	Y    float64
	pdf  *fpdf.Fpdf
	lang string
}

// About is what whoever reads the file's properties learns. It holds nothing of a
// customer.
type About struct {
	Title, Author string
	Lang          string // "ru", "en"
	// At is when the document was made: the same words of the same moment are the
	// same file.
	At time.Time
}

// New returns a document of one empty page.
func New(a About) *Paper {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(Left, Top, 210-Right)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true) // the same words are the same file
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.SetTitle(printable(a.Lang, a.Title), true)
	pdf.SetAuthor(printable(a.Lang, a.Author), true)
	pdf.SetLang(a.Lang)
	pdf.SetCreationDate(a.At)
	pdf.SetModificationDate(a.At)
	p := &Paper{pdf: pdf, lang: a.Lang}
	p.addPage()
	return p
}

// Bytes returns the document as a PDF. foot writes the last line of each page,
// once it is known how many there are.
func (p *Paper) Bytes(foot func(n, of int) string) ([]byte, error) {
	pages := p.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		p.pdf.SetPage(n)
		p.Put(Left, footer, Width, "L", "", Small, Dim, foot(n, pages))
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fault.Wrap(fault.Internal, err)
	}
	return out.Bytes(), nil
}

func (p *Paper) addPage() {
	p.pdf.AddPage()
	p.Y = Top
}

// Room goes to a new page if there is no place for so many millimetres; it
// reports whether it did.
func (p *Paper) Room(height float64) bool {
	if p.Y+height <= Bottom {
		return false
	}
	p.addPage()
	return true
}

// Font sets the letters: style "" or "B".
func (p *Paper) Font(style string, size float64, shade int) {
	p.pdf.SetFont("go", style, size)
	p.pdf.SetTextColor(shade, shade, shade)
}

// Put writes one line at a place, Left, centred or Right ("L", "C", "R") in a
// Width; letters become smaller until it fits.
func (p *Paper) Put(x, y, w float64, align, style string, size float64, shade int, text string) {
	text = printable(p.lang, text)
	p.Font(style, size, shade)
	if full := p.pdf.GetStringWidth(text); full > w {
		size *= w / full * 0.99
		p.pdf.SetFontSize(size)
	}
	p.pdf.SetXY(x, y)
	p.pdf.CellFormat(w, size*Leading, text, "", 0, align, false, 0, "")
}

// Link lets a piece of the line that was put last at a place lead to an address of the
// web: who reads on a screen can press it. before is what stands before the piece.
func (p *Paper) Link(x, y float64, before, piece, address string) {
	u, err := url.Parse(address)
	if err != nil {
		return
	}
	_, height := p.pdf.GetFontSize()
	p.pdf.LinkString(x+p.pdf.GetStringWidth(before), y, p.pdf.GetStringWidth(piece), height, u.String())
}

// Lines breaks a text at its spaces, those that may break, into lines of a Width, in
// the font that is set; a word that is longer than a line is cut. Of what exceeds most lines an
// ellipsis is Left.
func (p *Paper) Lines(text string, w float64, most int) (list []string) {
	line := ""
	for _, word := range strings.FieldsFunc(printable(p.lang, text), func(r rune) bool { return r == ' ' }) {
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

// Column is a column of a table. Align is "L" or "R"; numbers stand right.
type Column struct {
	Title string
	Width float64
	Align string
}

// Table draws rows of as many cells as there are columns; the titles stand on
// every page that it reaches.
func (p *Paper) Table(columns []Column, rows [][]string) {
	const row = Plain * Leading
	titles := func() {
		x := Left
		p.Fill(Left, p.Y, Width, 5, Tint)
		for _, c := range columns {
			p.Put(x+1, p.Y+0.9, c.Width-2, c.Align, "", Small, Dim, c.Title)
			x += c.Width
		}
		p.Y += 5.8
	}
	p.Room(5.8 + 2*row)
	titles()
	for _, cells := range rows {
		p.Font("", Plain, Ink)
		broken, most := make([][]string, len(cells)), 1
		for i, c := range columns {
			if c.Align == "R" {
				broken[i] = []string{cells[i]} // a number is never broken
			} else {
				broken[i] = p.Lines(cells[i], c.Width-2, 3)
			}
			most = max(most, len(broken[i]))
		}
		height := float64(most)*row + 1.6
		if p.Room(height) {
			titles()
		}
		x := Left
		for i, c := range columns {
			for n, line := range broken[i] {
				p.Put(x+1, p.Y+float64(n)*row, c.Width-2, c.Align, "", Plain, Ink, line)
			}
			x += c.Width
		}
		p.Y += height - 0.7
		p.Line(Left, Right, Hair)
		p.Y += 0.9
	}
}

// Line draws a hairline at the place.
func (p *Paper) Line(from, to float64, shade int) {
	p.pdf.SetDrawColor(shade, shade, shade)
	p.pdf.SetLineWidth(0.15)
	p.pdf.Line(from, p.Y, to, p.Y)
}

// Head writes the Heading of a block and keeps it with what follows.
func (p *Paper) Head(text string) {
	p.Room(22)
	p.Y += 3.2
	p.Put(Left, p.Y, Width, "L", "B", Heading, Ink, text)
	p.Y += Heading*Leading + 1.4
}

// Note writes a paragraph in Small letters.
func (p *Paper) Note(text string) {
	p.Font("", Small, Dim)
	for _, line := range p.Lines(text, Width, 4) {
		p.Room(Small * Leading)
		p.Put(Left, p.Y, Width, "L", "", Small, Dim, line)
		p.Y += Small*Leading + 0.3
	}
}

// Fill paints a rectangle.
func (p *Paper) Fill(x, y, w, h float64, shade int) {
	p.pdf.SetFillColor(shade, shade, shade)
	p.pdf.Rect(x, y, w, h, "F")
}

// Picture puts a PNG with sides of so many millimetres.
func (p *Paper) Picture(png []byte, x, y, side float64) {
	options := fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader("qr", options, bytes.NewReader(png))
	p.pdf.ImageOptions("qr", x, y, side, side, false, options, 0, "")
}
