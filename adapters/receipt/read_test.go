package receipt_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"okoshko/core/billing/payqr"
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

// word is a text with the place of its first letter, in points from the lower
// left corner, and what it is drawn with.
type word struct {
	x, y float64
	size float64
	bold bool
	text string
}

// shown finds what chooses a font and what shows a text.
var shown = regexp.MustCompile(`(?s)BT /(\S+) ([\d.]+) Tf ET|BT ([\d.-]+) ([\d.-]+) Td \(((?:\\.|[^\\)])*)\) ?Tj ET`)

// words lists what stands on the pages of a file. The fonts' codes are UTF-16,
// as they are in the file's own table for readers; the first font is the bold one
// of the supplier's name.
func words(t testing.TB, file []byte) (pages [][]word) {
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
		var page []word
		var pen word
		for _, m := range found {
			if name := string(m[1]); name != "" {
				if boldFont == "" {
					boldFont = name
				}
				pen.bold = name == boldFont
				pen.size = float(t, m[2])
				continue
			}
			pen.x, pen.y, pen.text = float(t, m[3]), float(t, m[4]), decoded(m[5])
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

// read returns the text of a file without its blanks, since lines break, and
// how many pages it has.
func read(t testing.TB, file []byte) (text string, pages int) {
	t.Helper()
	all := words(t, file)
	var b strings.Builder
	for _, page := range all {
		for _, w := range page {
			b.WriteString(w.text)
		}
	}
	return squeeze(b.String()), len(all)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// scan reads the QR code in a file's picture; nil if it has no picture.
func scan(t testing.TB, file []byte) *payqr.Code {
	t.Helper()
	for _, s := range streams(t, file) {
		if !strings.Contains(s.dictionary, "/Subtype /Image") {
			continue
		}
		img := picture(t, s)
		quiet(t, img)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{
			gozxing.DecodeHintType_CHARACTER_SET: "UTF-8",
		})
		if err != nil {
			t.Fatal(err)
		}
		if level := fmt.Sprint(result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]); level != "M" {
			t.Errorf("the code's level is %s", level)
		}
		code, err := payqr.Parse([]byte(result.GetText()))
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	return nil
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

// quiet checks that four modules of white surround a code; the pattern in its
// corner begins with seven dark ones.
func quiet(t testing.TB, img image.Image) {
	t.Helper()
	black := func(x, y int) bool { r, _, _, _ := img.At(x, y).RGBA(); return r == 0 }
	var dark image.Rectangle
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if black(x, y) {
				dark = dark.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	x := dark.Min.X
	for x < dark.Max.X && black(x, dark.Min.Y) {
		x++
	}
	if module := (x - dark.Min.X) / 7; module == 0 || dark != img.Bounds().Inset(4*module) {
		t.Errorf("the code fills %v of %v, a module is %d", dark, img.Bounds(), module)
	}
}
