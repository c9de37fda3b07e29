package console

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// refusals are what an upload is refused for, over HTTP and in the words of the
// API.
var refusals = map[string]struct {
	status int
	code   string
}{
	"file_size":  {fiber.StatusRequestEntityTooLarge, "too_large"},
	"file_kind":  {fiber.StatusUnsupportedMediaType, "type"},
	"file_empty": {fiber.StatusBadRequest, "empty"},
}

// upload stores a file that is to be sent in a conversation, as it comes in.
func (s *Console) upload(c *fiber.Ctx) error {
	return Upload(c, s.Log, "conversation", func(conversation, name string, content io.Reader) (f chat.File, err error) {
		ctx := c.UserContext()
		h, err := s.known(ctx, chat.Conversation(conversation))
		if err != nil {
			return f, err
		}
		if f, err = s.Files.Upload(ctx, h.Conversation, name, content); err != nil {
			return f, err
		}
		return f, s.audit(c, audit.Upload, h.Conversation)
	})
}

// Upload answers a request that brings a file: a form with a field that says what
// it is for, and the file after it. store keeps it, as it comes in; for what the
// store of files does not take, the answer says why not.
func Upload(c *fiber.Ctx, log *slog.Logger, field string, store func(of, name string, content io.Reader) (chat.File, error)) error {
	of, part, err := form(c, field)
	if err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	f, err := store(of, part.FileName(), part)
	var known *fault.Error
	if errors.As(err, &known) && refusals[known.Key].status != 0 {
		return refuse(c, refusals[known.Key].status, refusals[known.Key].code)
	}
	if err != nil {
		return Fail(c, log, err, nil)
	}
	return c.JSON(fiber.Map{"id": f.ID, "name": f.Name, "type": f.Type, "size": f.Size})
}

// mostName is how long the field before a file may be, in bytes.
const mostName = 200

// form reads an upload up to its file: the field stands before it.
func form(c *fiber.Ctx, field string) (of string, file *multipart.Part, err error) {
	media, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || media != fiber.MIMEMultipartForm {
		return "", nil, errors.New("not a form")
	}
	var body io.Reader = c.Context().RequestBodyStream()
	if body == nil {
		body = bytes.NewReader(c.Body())
	}
	fields := multipart.NewReader(body, params["boundary"])
	part, err := fields.NextPart()
	if err != nil || part.FormName() != field {
		return "", nil, errors.New("no " + field + " in the form")
	}
	value, err := io.ReadAll(io.LimitReader(part, mostName))
	if err != nil {
		return "", nil, err
	}
	if file, err = fields.NextPart(); err != nil || file.FormName() != "file" {
		return "", nil, errors.New("no file in the form")
	}
	return string(value), file, nil
}

// download hands out a file by where it stands in the log. A browser saves it:
// nothing of a customer's is shown inside our origin.
func (s *Console) download(c *fiber.Ctx) error {
	name, err := url.PathUnescape(c.Params("*"))
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	conversation, at, n, ok := readName(name)
	if !ok {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	ctx := c.UserContext()
	h, err := s.known(ctx, conversation)
	if err != nil {
		return s.fail(c, err)
	}
	line, found, err := s.Engine.Line(ctx, h.Conversation, at)
	files := line.Files
	if line.Kind == turn.Said {
		files = line.Message.Files
	}
	if err == nil && (!found || n >= len(files)) {
		err = fault.New(fault.NotFound, "no such file")
	}
	if err != nil {
		return s.fail(c, err)
	}
	if err := s.audit(c, audit.File, h.Conversation); err != nil {
		return s.fail(c, err)
	}
	f, content, err := s.Files.Fetch(ctx, h.Conversation, files[n], line.Kind == turn.Came)
	if err != nil {
		return s.fail(c, err)
	}
	return SendFile(c, f.Name, content)
}

// SendFile hands out a file to be saved: a browser shows nothing of it inside of
// our origin.
func SendFile(c *fiber.Ctx, name string, content io.Reader) error {
	c.Set(fiber.HeaderContentType, "application/octet-stream")
	c.Set(fiber.HeaderContentDisposition,
		cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": name}), "attachment"))
	return c.SendStream(content) // its size may be only what its sender says
}

// readName takes a file's name apart: "<conversation>/<position>.<number>".
func readName(name string) (c chat.Conversation, at turn.Position, n int, ok bool) {
	slash, dot := strings.LastIndexByte(name, '/'), strings.LastIndexByte(name, '.')
	if slash < 1 || dot < slash {
		return "", at, 0, false
	}
	at, err1 := turn.ParsePosition(name[slash+1 : dot])
	n, err2 := strconv.Atoi(name[dot+1:])
	return chat.Conversation(name[:slash]), at, n, err1 == nil && err2 == nil && n >= 0
}
