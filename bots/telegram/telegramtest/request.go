package telegramtest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// maxRequest is the largest request that is read: an upload of 50 MB and
// some room for the other parts of a multipart body.
const maxRequest = maxUpload + 1<<20

// args are the arguments of one call, whatever way they came. A call has a
// handful, so a list beats a map.
type args struct {
	list  []arg
	files []upload
}

type arg struct{ name, value string }

// upload is a file of a multipart body.
type upload struct {
	field, name, mime string
	data              []byte
}

// get returns an argument, "" when it is absent.
func (a *args) get(name string) string {
	for i := range a.list {
		if a.list[i].name == name {
			return a.list[i].value
		}
	}
	return ""
}

// object returns an argument that holds JSON; absent and null are the same.
func (a *args) object(name string) string {
	v := strings.TrimSpace(a.get(name))
	if v == "null" {
		return ""
	}
	return v
}

// number returns an argument as a whole number, 0 when it is none.
func (a *args) number(name string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(a.get(name)), 10, 64)
	return n
}

// flag returns an argument as a boolean, in any of Telegram's spellings.
func (a *args) flag(name string) bool {
	switch strings.ToLower(a.get(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// upload returns the file that a field of the call means: the part of that
// name, or the part that attach:// names.
func (a *args) upload(field string) (upload, bool) {
	if name, ok := strings.CutPrefix(a.get(field), "attach://"); ok {
		field = name
	}
	for _, f := range a.files {
		if f.field == field {
			return f, true
		}
	}
	return upload{}, false
}

func (a *args) add(name, value string) { a.list = append(a.list, arg{name, value}) }

// readArgs decodes a request: the query, then a body that is a form,
// multipart or JSON. The body wins over the query.
func readArgs(ctx *fasthttp.RequestCtx) (*args, *refusal) {
	a := &args{list: make([]arg, 0, 8)}
	if r := a.read(string(ctx.Request.Header.ContentType()), ctx.PostBody()); r != nil {
		return nil, r
	}
	ctx.QueryArgs().VisitAll(func(k, v []byte) { a.add(string(k), string(v)) })
	return a, nil
}

// read adds the arguments of a body.
func (a *args) read(contentType string, body []byte) *refusal {
	if len(body) == 0 {
		return nil
	}
	kind, params, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json":
		if err := eachField(body, a.add); err != nil {
			return badRequest("can't parse JSON object in the request body")
		}
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return badRequest("can't parse URL-encoded parameters")
		}
		for name, list := range values {
			a.add(name, list[0])
		}
	case "multipart/form-data":
		if err := a.readParts(body, params["boundary"]); err != nil {
			return badRequest("can't parse multipart form data: " + err.Error())
		}
	}
	return nil
}

func (a *args) readParts(body []byte, boundary string) error {
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" {
			a.files = append(a.files, upload{part.FormName(), name, part.Header.Get("Content-Type"), data})
		} else {
			a.add(part.FormName(), string(data))
		}
	}
}
