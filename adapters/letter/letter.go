// Package letter prints answers to cases: a letter with a number and a date
// (R-5.2.10-a; spec §1.6, A7), as a PDF that can be sent, kept and put into an
// envelope with a window.
//
// It has no words of its own: whoever writes the letter gives them, in the
// customer's language.
package letter

import (
	"slices"
	"strings"
	"time"

	"okoshko/adapters/paper"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// Letter is what stands on the paper, line by line, from the top. Texts that do
// not fit are broken between words; what the fonts cannot draw becomes a question
// mark.
type Letter struct {
	Lang string // "ru", "en"
	// At is when it was given out.
	At time.Time
	// Company is who writes; Contacts are lines below it.
	Company  string
	Contacts []string
	// References are lines on the right: the number and date of the letter and of
	// what it answers.
	References []string
	// To are lines of whom it is for: his name, his address. It may be empty.
	To []string
	// Subject stands over the text.
	Subject string
	// Text is in paragraphs, parted by empty lines; single line breaks stay, and a
	// line that begins with "- " or "• " is an item of a list.
	Text string
	// Enclosures are names of what goes with it, below Enclosed.
	Enclosed   string
	Enclosures []string
	// Signature are the lines at the end: what he is who answers, with his Name on
	// the right of the last one.
	Signature []string
	Name      string
	// Executor says below it who has prepared the letter, and how to reach him; "":
	// who signs it has.
	Executor string
	// Foot is the last line of each page.
	Foot func(n, of int) string
}

// The sheet. The receiver stands where an envelope with a window on the right, of
// 90 × 45 mm (ГОСТ Р 51506-99), shows him when the paper is folded twice.
const (
	window      = 112.0 // from the left edge of the paper
	windowTop   = 50.0
	windowWidth = paper.Right - window
	windowLines = 6
	body        = 10.0 // points
	subject     = 11.5
	item        = 4.0   // indent of an item, in millimetres
	signed      = 130.0 // where the name of who signs may begin
	sign        = 6     // lines that must stay together at the end
)

// Print returns the letter as a PDF. The error is Invalid for a letter without
// text.
func Print(l Letter) ([]byte, error) {
	if strings.TrimSpace(l.Text) == "" {
		return nil, fault.New(fault.Invalid, "a letter without text cannot be printed")
	}
	// Whoever reads the file's properties learns nothing of the customer.
	p := &page{paper.New(paper.About{Title: first(l.References), Author: l.Company, Lang: l.Lang, At: l.At})}
	p.head(l)
	p.window(l.To)
	p.subject(l.Subject)
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(l.Text, "\r\n", "\n"), "\n\n") {
		p.paragraph(paragraph)
	}
	if len(l.Enclosures) > 0 {
		p.paragraph(l.Enclosed + "\n- " + strings.Join(l.Enclosures, "\n- "))
	}
	p.signature(l)
	return p.Bytes(l.Foot)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// page is a letter on its way to paper.
type page struct{ *paper.Paper }

// head writes who writes, and the numbers of the letter.
func (p *page) head(l Letter) {
	const w = window - paper.Left - 6
	y := p.Y
	p.Font("B", subject, paper.Ink)
	for _, line := range p.Lines(l.Company, w, 3) {
		p.Put(paper.Left, p.Y, w, "L", "B", subject, paper.Ink, line)
		p.Y += subject * paper.Leading
	}
	p.Y++
	for _, line := range l.Contacts {
		p.Put(paper.Left, p.Y, w, "L", "", paper.Small, paper.Dim, line)
		p.Y += paper.Small*paper.Leading + 0.5
	}
	end := p.Y
	p.Y = y
	for _, line := range l.References {
		p.Put(window, p.Y, windowWidth, "L", "", paper.Plain, paper.Ink, line)
		p.Y += paper.Plain*paper.Leading + 1
	}
	p.Y = max(p.Y, end) + 2
	p.Line(paper.Left, paper.Right, paper.Ink)
}

// window writes whom the letter is for, where an envelope shows it.
func (p *page) window(to []string) {
	p.Y = max(p.Y+6, windowTop)
	if len(to) == 0 {
		return
	}
	most := windowLines
	for _, text := range to {
		p.Font("", body, paper.Ink)
		for _, line := range p.Lines(text, windowWidth, max(most, 1)) {
			p.Put(window, p.Y, windowWidth, "L", "", body, paper.Ink, line)
			p.Y += body*paper.Leading + 0.8
			most--
		}
	}
	p.Y += 8
}

func (p *page) subject(text string) {
	p.Font("B", subject, paper.Ink)
	for _, line := range p.Lines(text, paper.Width, 4) {
		p.Put(paper.Left, p.Y, paper.Width, "L", "B", subject, paper.Ink, line)
		p.Y += subject*paper.Leading + 0.8
	}
	p.Y += 4
}

// longest is how many lines one paragraph may have: more than any letter has.
const longest = 2000

// paragraph writes lines, items of a list with an indent.
func (p *page) paragraph(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	for raw := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		x := paper.Left
		rest, listed := strings.CutPrefix(raw, "- ")
		if !listed {
			rest, listed = strings.CutPrefix(raw, "• ")
		}
		if listed {
			x += item
		}
		p.Font("", body, paper.Ink)
		for n, line := range p.Lines(rest, paper.Right-x, longest) {
			p.Room(body * paper.Leading)
			if listed && n == 0 {
				p.Put(paper.Left, p.Y, item, "L", "", body, paper.Ink, "•")
			}
			p.Put(x, p.Y, paper.Right-x, "L", "", body, paper.Ink, line)
			p.links(x, line, rest)
			p.Y += body*paper.Leading + 0.9
		}
	}
	p.Y += 2.6
}

// links lets the addresses in a line lead there; one that was cut at the end of a line
// is none of the paragraph's and leads nowhere.
func (p *page) links(x float64, line, paragraph string) {
	whole := chat.Linked(paragraph).Spans
	before := ""
	for _, s := range chat.Linked(line).Spans {
		if s.Link != "" && slices.ContainsFunc(whole, func(w chat.Span) bool { return w.Link == s.Link }) {
			p.Link(x, p.Y, before, s.Text, s.Link)
		}
		before += s.Text
	}
}

// signature keeps its lines together.
func (p *page) signature(l Letter) {
	p.Y += 4
	p.Room(sign * body * paper.Leading)
	p.Font("", body, paper.Ink)
	for n, text := range l.Signature {
		lines := p.Lines(text, signed-paper.Left-item, 2)
		for k, line := range lines {
			p.Put(paper.Left, p.Y, signed-paper.Left, "L", "", body, paper.Ink, line)
			if n == len(l.Signature)-1 && k == len(lines)-1 {
				p.Put(signed, p.Y, paper.Right-signed, "R", "", body, paper.Ink, l.Name)
			}
			p.Y += body*paper.Leading + 0.9
		}
	}
	if l.Executor != "" {
		p.Y += 4
		p.Put(paper.Left, p.Y, paper.Width, "L", "", paper.Small, paper.Dim, l.Executor)
		p.Y += paper.Small*paper.Leading + 0.9
	}
}
