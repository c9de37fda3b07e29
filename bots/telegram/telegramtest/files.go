package telegramtest

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"image"
	_ "image/gif" // the formats in which a photo may come
	"image/jpeg"
	_ "image/png"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// Limits of files (core.telegram.org/bots/api#sending-files, #getfile).
const (
	maxDownload   = 20 << 20
	maxUpload     = 50 << 20
	maxPhoto      = 10 << 20
	maxPhotoSides = 10000 // width and height together
	maxPhotoRatio = 20
	thumbSide     = 90
	linkLife      = time.Hour
)

// File is a photo, document, sticker, voice or video message.
type File struct {
	// Kind is photo, document, sticker, voice or video.
	Kind         string
	ID, UniqueID string
	Name, MIME   string
	Width        int
	Height       int
	Seconds      int

	data  []byte
	thumb *File // the smaller size of a photo
}

// Bytes returns the content; it must not be changed.
func (f *File) Bytes() []byte { return f.data }

// Size is in bytes.
func (f *File) Size() int { return len(f.data) }

// link is a path that getFile has given out.
type link struct {
	file  *File
	until time.Time // real time
}

// store gives the file its identifiers and remembers it.
func (s *Server) store(f *File) *File {
	id := make([]byte, 40)
	_, _ = rand.Read(id)
	f.ID = base64.RawURLEncoding.EncodeToString(id)
	f.UniqueID = base64.RawURLEncoding.EncodeToString(id[:11])
	if f.thumb != nil {
		s.store(f.thumb)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[f.ID] = f
	return f
}

func (s *Server) fileByID(id string) *File {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.files[id]
}

// newPhoto makes a photo of an image that Telegram can read.
func newPhoto(data []byte) (*File, *refusal) {
	if len(data) > maxPhoto {
		return nil, badRequest("file of size " + strconv.Itoa(len(data)) +
			" bytes is too big for a photo; the maximum size is " + strconv.Itoa(maxPhoto) + " bytes")
	}
	conf, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	long, short := max(conf.Width, conf.Height), min(conf.Width, conf.Height)
	if conf.Width+conf.Height > maxPhotoSides || short == 0 || long > short*maxPhotoRatio {
		return nil, badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	f := &File{Kind: "photo", Width: conf.Width, Height: conf.Height, MIME: http.DetectContentType(data), data: data}
	if long > thumbSide {
		if f.thumb = thumbnail(data); f.thumb == nil {
			return nil, badRequest("IMAGE_PROCESS_FAILED")
		}
	}
	return f, nil
}

// thumbnail makes the small size that stands first in a photo's list, so that
// a bot that takes the first one is found out.
func thumbnail(data []byte) *File {
	src, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	size := src.Bounds().Size()
	long := max(size.X, size.Y)
	dst := image.NewRGBA(image.Rect(0, 0, max(1, size.X*thumbSide/long), max(1, size.Y*thumbSide/long)))
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			dst.Set(x, y, src.At(src.Bounds().Min.X+x*long/thumbSide, src.Bounds().Min.Y+y*long/thumbSide))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, dst, nil); err != nil {
		return nil
	}
	return &File{Kind: "photo", Width: dst.Rect.Dx(), Height: dst.Rect.Dy(), MIME: "image/jpeg", data: b.Bytes()}
}

// append writes the file as the member of a message.
func (f *File) append(b []byte) []byte {
	if f.Kind != "photo" {
		b = append(key(b, f.Kind), '{')
		b = f.appendFields(b)
		return append(b, '}')
	}
	b = append(key(b, "photo"), '[')
	if f.thumb != nil {
		b = append(f.thumb.appendFields(append(b, '{')), '}', ',')
	}
	return append(f.appendFields(append(b, '{')), '}', ']')
}

func (f *File) appendFields(b []byte) []byte {
	b = appendString(append(b, `"file_id":`...), f.ID)
	b = field(b, "file_unique_id", f.UniqueID)
	b = number(b, "file_size", int64(len(f.data)))
	if f.Kind == "document" {
		b = field(b, "file_name", f.Name)
	}
	if f.Kind != "photo" && f.Kind != "sticker" {
		b = field(b, "mime_type", f.MIME)
	}
	switch f.Kind {
	case "photo", "video", "sticker":
		b = number(number(b, "width", int64(f.Width)), "height", int64(f.Height))
	}
	switch f.Kind {
	case "video", "voice":
		b = number(b, "duration", int64(f.Seconds))
	case "sticker":
		b = append(b, `,"type":"regular","is_animated":false,"is_video":false`...)
	}
	return b
}

func sendPhoto(s *Server, a *args, out []byte) ([]byte, *refusal) {
	return s.sendFile(a, "sendPhoto", "photo", out)
}

func sendDocument(s *Server, a *args, out []byte) ([]byte, *refusal) {
	return s.sendFile(a, "sendDocument", "document", out)
}

func (s *Server) sendFile(a *args, method, kind string, out []byte) ([]byte, *refusal) {
	c, r := s.chatArg(a)
	if r != nil {
		return nil, r
	}
	caption, entities, r := formatted(a, "caption", "caption_entities")
	if r != nil {
		return nil, r
	}
	if r := checkCaption(caption); r != nil {
		return nil, r
	}
	f, r := s.fileArg(a, kind)
	if r != nil {
		return nil, r
	}
	return c.send(a, method, &Message{File: f, Text: caption, Entities: entities}, out)
}

func checkCaption(caption string) *refusal {
	if utf16Len(caption) > maxCaption {
		return badRequest("message caption is too long")
	}
	return nil
}

// fileArg returns the file that a call sends: an upload, or one that is
// already here, by its file_id.
func (s *Server) fileArg(a *args, kind string) (*File, *refusal) {
	up, ok := a.upload(kind)
	if !ok {
		id := a.get(kind)
		if id == "" {
			return nil, badRequest("there is no " + kind + " in the request")
		}
		f := s.fileByID(id)
		switch {
		case f == nil && strings.HasPrefix(id, "http"):
			return nil, badRequest("failed to get HTTP URL content")
		case f == nil:
			return nil, badRequest("wrong remote file identifier specified: Wrong string length")
		case f.Kind != kind:
			return nil, badRequest("can't use file of type " + typeName(f.Kind) + " as " + typeName(kind))
		}
		return f, nil
	}
	switch {
	case len(up.data) == 0:
		return nil, badRequest("file must be non-empty")
	case len(up.data) > maxUpload:
		return nil, errTooLarge
	}
	if kind == "photo" {
		f, r := newPhoto(up.data)
		if r != nil {
			return nil, r
		}
		return s.store(f), nil
	}
	return s.store(newDocument(up.name, up.data)), nil
}

func typeName(kind string) string { return strings.ToUpper(kind[:1]) + kind[1:] }

func newDocument(name string, data []byte) *File {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	kind := cmp.Or(mime.TypeByExtension(path.Ext(name)), "application/octet-stream")
	kind, _, _ = strings.Cut(kind, ";")
	return &File{Kind: "document", Name: name, MIME: kind, data: data}
}

// getFile prepares a download; the link lives for at least an hour.
func getFile(s *Server, a *args, out []byte) ([]byte, *refusal) {
	f := s.fileByID(a.get("file_id"))
	switch {
	case a.get("file_id") == "":
		return nil, badRequest("file_id not specified")
	case f == nil:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case len(f.data) > maxDownload:
		return nil, badRequest("file is too big")
	}
	ext := path.Ext(f.Name)
	if ext == "" {
		ext = map[string]string{"photo": ".jpg", "voice": ".oga", "video": ".mp4", "sticker": ".webp"}[f.Kind]
	}
	s.mu.Lock()
	where := f.Kind + "s/file_" + strconv.Itoa(len(s.paths)) + ext
	s.paths[where] = &link{f, time.Now().Add(linkLife)}
	s.mu.Unlock()
	out = f.appendFields(append(out, '{'))
	return append(field(out, "file_path", where), '}'), nil
}

// download serves /file/bot<token>/<path>.
func (s *Server) download(ctx *fasthttp.RequestCtx, rest string) {
	token, where, _ := strings.Cut(rest, "/")
	if token != s.cfg.Token {
		s.refuse(ctx, errUnauthorized)
		return
	}
	if f := s.faults.match("file", 0); f != nil {
		if !f.carriesOut() {
			s.inflict(ctx, f)
			return
		}
		defer s.disturb(ctx, f)
	}
	s.mu.RLock()
	l := s.paths[where]
	s.mu.RUnlock()
	if l == nil || time.Now().After(l.until) {
		s.refuse(ctx, errNotFound)
		return
	}
	ctx.SetContentType("application/octet-stream")
	ctx.SetBody(l.file.data)
}
