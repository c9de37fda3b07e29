package files_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"okoshko/adapters/files"
)

// archive makes a container of entries, each with some content.
func archive(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		name, content, plain := strings.Cut(name, "=")
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		var entry io.Writer
		var err error
		if plain { // As OpenDocument has its first entry.
			h.Method, h.UncompressedSize64, h.CompressedSize64 = zip.Store, uint64(len(content)), uint64(len(content))
			entry, err = w.CreateRaw(h)
		} else {
			content = strings.Repeat("content ", 100)
			entry, err = w.CreateHeader(h)
		}
		must(t, err)
		_, err = io.WriteString(entry, content)
		must(t, err)
	}
	must(t, w.Close())
	return b.String()
}

func TestTheContentTellsTheKind(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	const (
		word  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		open  = "application/vnd.oasis.opendocument.text"
		plain = "text/plain; charset=utf-8"
	)
	rest := strings.Repeat(".", 26) // of a picture
	for name, row := range map[string]struct{ content, name, media, saved string }{
		"JPEG":                {"\xff\xd8\xff\xe1" + rest, "", "image/jpeg", "file.jpg"},
		"PNG":                 {"\x89PNG\r\n\x1a\n" + rest, "meter.png", "image/png", "meter.png"},
		"WebP":                {"RIFF\x24\x00\x00\x00WEBPVP8 " + rest, "a.webp", "image/webp", "a.webp"},
		"HEIC":                {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + rest, "IMG_1.HEIC", "image/heic", "IMG_1.heic"},
		"HEIC by another":     {"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + rest, "a.heif", "image/heic", "a.heif"},
		"PDF":                 {"%PDF-1.7\n", "Договор № 5.pdf", "application/pdf", "Договор № 5.pdf"},
		"DOCX":                {archive(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), "a.docx", word, "a.docx"},
		"XLSX":                {archive(t, "[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", sheet, "a.xlsx"},
		"ODT":                 {archive(t, "mimetype="+open, "content.xml"), "a.odt", open, "a.odt"},
		"text":                {"Показания: 14 920\r\n", "a.txt", plain, "a.txt"},
		"a false name":        {"\xff\xd8\xff\xe1" + rest, "photo.exe", "image/jpeg", "photo.exe.jpg"},
		"a name with folders": {"%PDF-1.7\n", `C:\..\etc/a.PDF`, "application/pdf", "a.pdf"},
		"a hidden name":       {"%PDF-1.7\n", "../.pdf", "application/pdf", "file.pdf"},
		"a turned name":       {"%PDF-1.7\n", "a\u202efdp.exe\r\n\x00\"<>.pdf", "application/pdf", "afdp.exe.pdf"},
		"a long name":         {"%PDF-1.7\n", strings.Repeat("ы", 300) + ".pdf", "application/pdf", strings.Repeat("ы", 90) + ".pdf"},
	} {
		f, _, err := read(t, s, put(t, s, files.File{Name: row.name}, []byte(row.content)))
		if err != nil || f.Type != row.media || f.Name != row.saved {
			t.Errorf("%s is %s, saved as %q, want %q: %v", name, f.Type, f.Name, row.saved, err)
		}
	}
	for name, content := range map[string]string{
		"HTML":                    "<!doctype html><script>1</script>",
		"XML":                     `<?xml version="1.0"?><svg/>`,
		"GIF":                     "GIF89a....",
		"a program":               "MZ\x90\x00",
		"a bare archive":          archive(t, "a.exe"),
		"an archive with folders": archive(t, "keyword/a.exe", "a/xl/b"),
		"an empty archive":        archive(t),
		"an ODF template":         archive(t, "mimetype="+open+"-template", "content.xml"),
		"another ODF":             archive(t, "mimetype=application/vnd.oasis.opendocument.graphics"),
		"AVIF":                    "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif",
		"a film":                  "\x00\x00\x00\x18ftypisom\x00\x00\x00\x00mp42heic"[:20] + "mp41",
		"text of another coding":  "\xcf\xee\xea\xe0\xe7\xe0\xed\xe8\xff",
		"text with a zero later":  strings.Repeat("a", 600) + "\x00",
		"three letters":           "abc",
	} {
		if _, err := s.Put(t.Context(), files.File{Name: "a.jpg"}, strings.NewReader(content)); !errors.Is(err, files.ErrKind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The beginning of a picture is none.
func TestAPictureHasMoreThanABeginning(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	for _, content := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "RIFF\x24\x00\x00\x00WEBPVP8 "} {
		if _, err := s.Put(t.Context(), files.File{Name: "meter.jpg"}, strings.NewReader(content)); !errors.Is(err, files.ErrEmpty) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

// A letter is cut in two at the border of the first piece.
func TestATextOfSeveralPieces(t *testing.T) {
	t.Parallel()
	s, _, _ := open(t)
	text := []byte("a" + strings.Repeat("ы", piece))
	if _, got, err := read(t, s, put(t, s, files.File{}, text)); err != nil || !bytes.Equal(got, text) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
