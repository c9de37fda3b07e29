package files

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is a sort of file that is taken.
type kind struct {
	media string
	// extensions are those that its names may have; the first is given to a
	// name that has none of them.
	extensions []string
}

// The kinds: what customers send as evidence and with applications, and what
// the company sends them. Whatever else can run, script or hide something.
var (
	jpeg = &kind{"image/jpeg", []string{".jpg", ".jpeg"}}
	png  = &kind{"image/png", []string{".png"}}
	webp = &kind{"image/webp", []string{".webp"}}
	heic = &kind{"image/heic", []string{".heic", ".heif"}}
	pdf  = &kind{"application/pdf", []string{".pdf"}}
	docx = &kind{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}}
	xlsx = &kind{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}}
	odt  = &kind{"application/vnd.oasis.opendocument.text", []string{".odt"}}
	txt  = &kind{"text/plain; charset=utf-8", []string{".txt"}}
	csv  = &kind{"text/csv; charset=utf-8", []string{".csv"}}
	ics  = &kind{"text/calendar; charset=utf-8", []string{".ics"}}
)

// textless are the kinds that no text is.
var textless = []*kind{jpeg, png, webp, heic, pdf, docx, xlsx, odt}

// claimed reports whether a name says that a file is of a kind that no text is: three
// letters in a meter.jpg are no photo, and no text that anybody has sent.
func claimed(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return slices.ContainsFunc(textless, func(k *kind) bool { return slices.Contains(k.extensions, extension) })
}

// sniff tells what a file is by its first piece, nil if it is none that is
// taken.
func sniff(piece []byte) *kind {
	switch media := http.DetectContentType(piece); media {
	case jpeg.media:
		return jpeg
	case png.media:
		return png
	case webp.media:
		return webp
	case pdf.media:
		return pdf
	case "application/zip":
		return sniffZip(piece)
	case txt.media:
		switch {
		case len(piece) == 0 || !text(piece):
			return nil
		case bytes.HasPrefix(piece, []byte("BEGIN:VCALENDAR\r\n")): // RFC 5545, 3.4
			return ics
		default:
			return txt
		}
	default:
		if sniffHEIC(piece) {
			return heic
		}
		return nil
	}
}

// text reports whether the piece is UTF-8 without control characters; a letter
// may be cut off at its end.
func text(piece []byte) bool {
	for len(piece) > 0 {
		r, n := utf8.DecodeRune(piece)
		cut := r == utf8.RuneError && n == 1 && len(piece) < utf8.UTFMax && !utf8.FullRune(piece)
		if cut {
			return true
		}
		if r == utf8.RuneError && n == 1 || unicode.IsControl(r) && !strings.ContainsRune("\t\r\n\f", r) {
			return false
		}
		piece = piece[n:]
	}
	return true
}

// heicBrands are those of still pictures coded as HEVC (ISO/IEC 23008-12,
// B.4); mif1 alone may be anything.
var heicBrands = []string{"heic", "heix", "heim", "heis"}

// sniffHEIC reads the box of file types with which such a file begins: its
// size, "ftyp", the brand, a version, and further brands.
func sniffHEIC(piece []byte) bool {
	if len(piece) < 16 || string(piece[4:8]) != "ftyp" {
		return false
	}
	size := min(int(binary.BigEndian.Uint32(piece)), len(piece), 256)
	for at := 8; at+4 <= size; at += 4 {
		if at != 12 && slices.Contains(heicBrands, string(piece[at:at+4])) {
			return true
		}
	}
	return false
}

// sniffZip tells office documents from other containers: OpenDocument names
// its type in the first entry, which is stored plainly (OASIS ODF 1.3, part 2,
// 3.3), Office Open XML has a folder of its own (ECMA-376, part 1, 11 and 12).
func sniffZip(piece []byte) *kind {
	signature := []byte("PK\x03\x04")
	for first := true; len(piece) > 0; first = false {
		name, rest := zipEntry(piece)
		switch {
		case first && name == "mimetype":
			// The type and what follows it: text-template is another one.
			if bytes.HasPrefix(rest, append([]byte(odt.media), signature...)) {
				return odt
			}
			return nil
		case strings.HasPrefix(name, "word/"):
			return docx
		case strings.HasPrefix(name, "xl/"):
			return xlsx
		}
		next := bytes.Index(piece[1:], signature)
		if next < 0 {
			return nil
		}
		piece = piece[1+next:]
	}
	return nil
}

// zipEntry reads the header of an entry (APPNOTE 4.3.7): its name, and what
// comes after the header.
func zipEntry(b []byte) (name string, rest []byte) {
	const fixed = 30
	if len(b) < fixed {
		return "", nil
	}
	named := fixed + int(binary.LittleEndian.Uint16(b[26:]))
	end := named + int(binary.LittleEndian.Uint16(b[28:]))
	if end > len(b) {
		return "", nil
	}
	return string(b[fixed:named]), b[end:]
}

// longestName is in bytes, as file systems count.
const longestName = 180

// clean makes a name under which the file can be saved anywhere: no folders,
// no signs that a system or a header takes for its own, and an extension that
// tells the truth.
func (k *kind) clean(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || strings.ContainsRune(`<>:"|?*`, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	extension := strings.ToLower(path.Ext(name))
	stem := strings.TrimSuffix(name, path.Ext(name))
	if !slices.Contains(k.extensions, extension) {
		stem, extension = name, k.extensions[0]
	}
	for len(stem) > longestName {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	if stem = strings.Trim(stem, " ./"); stem == "" {
		stem = "file"
	}
	return stem + extension
}
