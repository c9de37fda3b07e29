package chart

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// sheet is a picture that is being drawn.
type sheet struct {
	img   *image.RGBA
	fonts *fonts
}

func (s *sheet) fill(r image.Rectangle, c color.RGBA) {
	draw.Draw(s.img, r.Intersect(s.img.Bounds()), image.NewUniform(c), image.Point{}, draw.Src)
}

// text writes a line that begins at x, with its letters standing on y, and returns
// how wide it is; letters become smaller until it fits into a room, and what still
// does not is cut with an ellipsis.
func (s *sheet) text(x, y, room int, weight *opentype.Font, size int, c color.RGBA, line string) int {
	face, line := s.fit(room, weight, size, line)
	d := font.Drawer{Dst: s.img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(line)
	return (d.Dot.X - fixed.I(x)).Ceil()
}

// textRight is text that ends at x.
func (s *sheet) textRight(x, y, room int, weight *opentype.Font, size int, c color.RGBA, line string) {
	face, fitting := s.fit(room, weight, size, line)
	s.text(x-font.MeasureString(face, fitting).Ceil(), y, room, weight, size, c, line)
}

func (s *sheet) wide(weight *opentype.Font, size int, line string) int {
	return font.MeasureString(s.fonts.face(weight, size), blanks.Replace(line)).Ceil()
}

// blanks that keep the groups of a number together are not in the fonts.
var blanks = strings.NewReplacer("\u202f", "\u00a0", "\n", " ", "\t", " ")

func (s *sheet) fit(room int, weight *opentype.Font, size int, line string) (font.Face, string) {
	line = blanks.Replace(line)
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest])
	}
	face := s.fonts.face(weight, size)
	full := font.MeasureString(face, line).Ceil()
	if full <= room {
		return face, line
	}
	face = s.fonts.face(weight, max(smallest, size*room/full))
	if font.MeasureString(face, line).Ceil() <= room {
		return face, line
	}
	left := fixed.I(room) - font.MeasureString(face, "…")
	for i, r := range line {
		if left -= advance(face, r); left < 0 {
			if line = strings.TrimSpace(line[:i]); line != "" {
				line += "…"
			}
			break
		}
	}
	return face, line
}

// advance is how far a letter goes; kerning only brings it back.
func advance(face font.Face, r rune) fixed.Int26_6 {
	a, _ := face.GlyphAdvance(r)
	return a
}

// longest is how many letters of a line are looked at: more never fit.
const longest = 100

// fonts are the faces of one picture by weight and size; a face serves one at a time.
type fonts struct{ faces map[key]font.Face }

type key struct {
	weight *opentype.Font
	size   int
}

var pool = sync.Pool{New: func() any { return &fonts{map[key]font.Face{}} }}

func (f *fonts) face(weight *opentype.Font, size int) font.Face {
	k := key{weight, size}
	face, ok := f.faces[k]
	if !ok {
		var err error
		// 72 points an inch: a size is in pixels.
		face, err = opentype.NewFace(weight, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
		if err != nil {
			panic(err) // it takes every size
		}
		f.faces[k] = face
	}
	return face
}

// The fonts are compiled in, so they can be read.
var (
	plain = parsed(goregular.TTF)
	bold  = parsed(gobold.TTF)
)

func parsed(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	return f
}
