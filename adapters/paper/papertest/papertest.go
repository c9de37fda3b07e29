// Package papertest reads what package paper has drawn: for tests of whoever
// prints.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// stream is what stands between the words stream and endstream.
type stream struct {
	dictionary string
	data       []byte
}

// streams lists those of a file, as they stand in it.
func streams(t testing.TB, file []byte) (list []stream) {
	t.Helper()
	for {
		start := bytes.Index(file, []byte("stream\n"))
		if start < 0 {
			return list
		}
		head := file[:start]
		head = head[max(0, bytes.LastIndex(head, []byte(" obj\n"))):]
		length := number(t, string(head), "Length")
		data := file[start+len("stream\n"):]
		list = append(list, stream{string(head), data[:length]})
		file = data[length+len("\nendstream\n"):]
	}
}

// number returns the value of a key of a dictionary.
func number(t testing.TB, dictionary, key string) int {
	t.Helper()
	found := regexp.MustCompile("/" + key + ` (\d+)`).FindStringSubmatch(dictionary)
	if found == nil {
		t.Fatalf("no %s in %q", key, dictionary)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Word is a text with the place of its first letter, in points from the lower
// left corner, and what it is drawn with.
type Word struct {
	X, Y float64
	Size float64
	Bold bool
	Text string
}

// shown finds what chooses a font and what shows a text.
var shown = regexp.MustCompile(`(?s)BT /(\S+) ([\d.]+) Tf ET|BT ([\d.-]+) ([\d.-]+) Td \(((?:\\.|[^\\)])*)\) ?Tj ET`)

// Words lists what stands on the pages of a file. The fonts' codes are UTF-16,
// as they are in the file's own table for readers; the first font is the bold one
// of the company's name.
func Words(t testing.TB, file []byte) (pages [][]Word) {
	t.Helper()
	boldFont := ""
	for _, s := range streams(t, file) {
		if strings.Contains(s.dictionary, "/Subtype") || strings.Contains(s.dictionary, "/Length1") {
			continue
		}
		r, err := zlib.NewReader(bytes.NewReader(s.data))
		if err != nil {
			continue // not packed: a table
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found := shown.FindAllSubmatch(data, -1)
		if found == nil {
			continue
		}
		var page []Word
		var pen Word
		for _, m := range found {
			if name := string(m[1]); name != "" {
				if boldFont == "" {
					boldFont = name
				}
				pen.Bold = name == boldFont
				pen.Size = float(t, m[2])
				continue
			}
			pen.X, pen.Y, pen.Text = float(t, m[3]), float(t, m[4]), decoded(m[5])
			page = append(page, pen)
		}
		pages = append(pages, page)
	}
	return pages
}

func float(t testing.TB, digits []byte) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(string(digits), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// decoded is the text of a string of a PDF.
func decoded(s []byte) string {
	var plain []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == 'r' {
				plain = append(plain, '\r')
				continue
			}
		}
		plain = append(plain, s[i])
	}
	units := make([]uint16, 0, len(plain)/2)
	for i := 0; i+1 < len(plain); i += 2 {
		units = append(units, binary.BigEndian.Uint16(plain[i:]))
	}
	return string(utf16.Decode(units))
}

// Text returns what stands in a file without its blanks, since lines break, and
// how many pages it has.
func Text(t testing.TB, file []byte) (text string, pages int) {
	t.Helper()
	all := Words(t, file)
	var b strings.Builder
	for _, page := range all {
		for _, w := range page {
			b.WriteString(w.Text)
		}
	}
	return Squeeze(b.String()), len(all)
}

// Squeeze returns a text without its blanks.
func Squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// Pictures lists the pictures of a file.
func Pictures(t testing.TB, file []byte) (list []image.Image) {
	t.Helper()
	for _, s := range streams(t, file) {
		if strings.Contains(s.dictionary, "/Subtype /Image") {
			list = append(list, picture(t, s))
		}
	}
	return list
}

// Fits checks that every word of a file lies between the margins.
func Fits(t testing.TB, file []byte) {
	t.Helper()
	const mm = 72 / 25.4
	for n, page := range Words(t, file) {
		for _, w := range page {
			if w.X < 14.9*mm || w.X+w.Width(t) > 195.5*mm || w.Y < 5*mm || w.Y > 287*mm {
				t.Fatalf("page %d: %q at %.1f, %.1f", n+1, w.Text, w.X/mm, w.Y/mm)
			}
		}
	}
}

// picture makes a PNG of a picture's data, which are packed as in one.
func picture(t testing.TB, s stream) image.Image {
	t.Helper()
	b := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		data = append([]byte(kind), data...)
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data)-4)))
		b.Write(binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data)))
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(number(t, s.dictionary, "Width")))
	header = binary.BigEndian.AppendUint32(header, uint32(number(t, s.dictionary, "Height")))
	chunk("IHDR", append(header, byte(number(t, s.dictionary, "BitsPerComponent")), 0, 0, 0, 0))
	chunk("IDAT", s.data)
	chunk("IEND", nil)
	img, err := png.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

var faces = map[bool]*sfnt.Font{false: parsed(goregular.TTF), true: parsed(gobold.TTF)}

func parsed(data []byte) *sfnt.Font {
	f, err := sfnt.Parse(data)
	if err != nil {
		panic(err)
	}
	return f
}

// Width measures a word in points.
func (w Word) Width(t testing.TB) float64 {
	t.Helper()
	var buffer sfnt.Buffer
	var sum fixed.Int26_6
	face := faces[w.Bold]
	for _, r := range w.Text {
		i, err := face.GlyphIndex(&buffer, r)
		if err != nil {
			t.Fatal(err)
		}
		advance, err := face.GlyphAdvance(&buffer, i, fixed.I(1000), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		sum += advance
	}
	return float64(sum) / 64 / 1000 * w.Size
}
