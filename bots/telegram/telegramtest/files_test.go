package telegramtest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"okoshko/bots/telegram/telegramtest"
)

func multipartBody(t *testing.T, form url.Values, field string, files map[string][]byte) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range form {
		if err := w.WriteField(k, v[0]); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (b bot) upload(method, field, name string, data []byte, more url.Values) reply {
	b.t.Helper()
	form := url.Values{"chat_id": {"1001"}}
	for k, v := range more {
		form[k] = v
	}
	body, kind := multipartBody(b.t, form, field, map[string][]byte{name: data})
	resp, err := http.Post(b.url(method), kind, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := read(resp)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b bot) fetch(path string) (int, []byte) {
	b.t.Helper()
	resp, err := http.Get(b.srv.URL() + "/file/bot" + b.srv.Token() + "/" + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, data
}

func TestDocumentGoesOutOnceAndAgainByItsID(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	data := []byte("%PDF-1.4 квитанция")
	if r := b.upload("sendDocument", "document", "квитанция.pdf", data, url.Values{"caption": {"<i>Счёт</i>"}, "parse_mode": {"HTML"}}); !r.OK {
		t.Fatal(r.Description)
	}
	m := c.Last()
	if m.File == nil || m.File.Name != "квитанция.pdf" || m.File.MIME != "application/pdf" || !bytes.Equal(m.File.Bytes(), data) || m.Text != "Счёт" {
		t.Fatalf("got %+v", m)
	}
	got := b.must("sendDocument", object{"chat_id": 1001, "document": m.File.ID})
	if got["document"].(object)["file_id"] != m.File.ID {
		t.Errorf("got %v", got)
	}
	if r := b.upload("sendDocument", "thing", "a.txt", []byte("x"), url.Values{"document": {"attach://thing"}}); !r.OK {
		t.Error(r.Description)
	}
	b.refused("sendPhoto", object{"chat_id": 1001, "photo": m.File.ID}, 400, "Bad Request: can't use file of type Document as Photo")
	b.refused("sendDocument", object{"chat_id": 1001, "document": "nonsense"}, 400, "Bad Request: wrong remote file identifier specified: Wrong string length")
	b.refused("sendDocument", object{"chat_id": 1001}, 400, "Bad Request: there is no document in the request")
	b.refused("editMessageText", object{"chat_id": 1001, "message_id": m.ID, "text": "x"}, 400, "Bad Request: there is no text in the message to edit")
	b.must("editMessageCaption", object{"chat_id": 1001, "message_id": m.ID, "caption": "Новый"})
	if r := b.upload("sendDocument", "document", "a", nil, nil); r.Description != "Bad Request: file must be non-empty" {
		t.Errorf("got %q", r.Description)
	}
}

func TestPhotoIsCheckedAndComesInSizes(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	for _, x := range []struct {
		data []byte
		want string
	}{
		{[]byte("not an image"), "Bad Request: IMAGE_PROCESS_FAILED"},
		{picture(t, 2100, 100), "Bad Request: PHOTO_INVALID_DIMENSIONS"},
	} {
		if r := b.upload("sendPhoto", "photo", "p.png", x.data, nil); r.Description != x.want {
			t.Errorf("got %q, want %q", r.Description, x.want)
		}
	}
	if r := b.upload("sendPhoto", "photo", "p.png", picture(t, 300, 200), url.Values{"caption": {strings.Repeat("я", 1025)}}); r.Description != "Bad Request: message caption is too long" {
		t.Errorf("got %q", r.Description)
	}
	tooBig := "400 Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"
	if _, err := c.SendPhoto(make([]byte, 10<<20+1), ""); err == nil || err.Error() != tooBig {
		t.Errorf("got %v, want %s", err, tooBig)
	}
	sent, err := c.SendPhoto(picture(t, 300, 200), "счётчик")
	if err != nil {
		t.Fatal(err)
	}
	u := b.updates(nil)[0]["message"].(object)
	sizes := u["photo"].([]any)
	if len(sizes) != 2 || sizes[0].(object)["width"] != 90.0 || sizes[1].(object)["width"] != 300.0 || u["caption"] != "счётчик" {
		t.Fatalf("got %v", u)
	}
	file := b.must("getFile", object{"file_id": sizes[1].(object)["file_id"]})
	if code, data := b.fetch(file["file_path"].(string)); code != 200 || !bytes.Equal(data, sent.File.Bytes()) {
		t.Errorf("got %d, %d bytes", code, len(data))
	}
}

func TestGetFileLimits(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	big := c.SendDocument("big.bin", make([]byte, 20<<20+1), "")
	b.refused("getFile", object{"file_id": big.File.ID}, 400, "Bad Request: file is too big")
	b.refused("getFile", object{"file_id": "nonsense"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
	fits := c.SendDocument("fits.bin", make([]byte, 20<<20), "")
	b.must("getFile", object{"file_id": fits.File.ID})
	small := b.must("getFile", object{"file_id": c.SendDocument("a.txt", []byte("абв"), "").File.ID})
	if code, data := b.fetch(small["file_path"].(string)); code != 200 || string(data) != "абв" {
		t.Errorf("got %d %q", code, data)
	}
	if code, _ := b.fetch("documents/file_77.bin"); code != 404 {
		t.Errorf("a path that getFile has not given out: got %d", code)
	}
}

// An upload over the limit is refused by its announced size, before it is
// read.
func TestUploadLimit(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.srv.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /bot%s/sendDocument HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{",
		b.srv.Token(), 52<<20)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := read(resp); err != nil || r.Code != 413 || r.Description != "Request Entity Too Large" {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestEveryKindOfMessageReachesTheBot(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	c.SendSticker()
	c.SendVoice(3)
	c.SendVideo(4)
	c.SendLocation(57.15, 65.54)
	c.Forward("чужое")
	if _, err := c.Album("две", picture(t, 40, 40), picture(t, 50, 50)); err != nil {
		t.Fatal(err)
	}
	var got []object
	for _, u := range b.updates(nil) {
		got = append(got, u["message"].(object))
	}
	for i, name := range []string{"sticker", "voice", "video", "location", "forward_origin", "photo", "photo"} {
		if got[i][name] == nil {
			t.Errorf("message %d has no %s: %v", i, name, got[i])
		}
	}
	if got[5]["media_group_id"] == nil || got[5]["media_group_id"] != got[6]["media_group_id"] || got[5]["caption"] != "две" || got[6]["caption"] != nil {
		t.Errorf("album: %v, %v", got[5], got[6])
	}
	if got[1]["voice"].(object)["duration"] != 3.0 {
		t.Errorf("voice: %v", got[1])
	}
}
