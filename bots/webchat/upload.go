package webchat

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/fault"
)

// field is the part of an upload that holds the file.
const field = "file"

// uploaded is the answer to an upload.
type uploaded struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// upload stores a file of the visitor's, as it comes in: no more of it than a
// piece is ever in memory.
func (w *Chat) upload(c *fiber.Ctx) error {
	v, answered, err := w.holder(c)
	if answered {
		return err
	}
	if after, ok := w.limits.take("upload", string(v.Conversation), uploadRate); !ok {
		return refuse(c, fiber.StatusTooManyRequests, "limit", after)
	}
	part, err := filePart(c)
	if err != nil {
		return refuse(c, fiber.StatusBadRequest, invalid, 0)
	}
	f, err := w.Files.Upload(c.UserContext(), v.Conversation, part.FileName(), part)
	var known *fault.Error
	switch {
	case err == nil:
		return c.Status(fiber.StatusCreated).JSON(uploaded{f.ID, f.Name, f.Type, f.Size})
	case errors.As(err, &known) && known.Key == "file_size":
		return refuse(c, fiber.StatusRequestEntityTooLarge, known.Key, 0)
	case errors.As(err, &known) && known.Key == "file_kind":
		return refuse(c, fiber.StatusUnsupportedMediaType, known.Key, 0)
	case errors.As(err, &known) && known.Key == "file_empty":
		return refuse(c, fiber.StatusBadRequest, known.Key, 0)
	case fault.Is(err, fault.Unavailable):
		return w.unavailable(c, "store upload", err)
	}
	return refuse(c, fiber.StatusBadRequest, invalid, 0) // it broke off
}

// filePart finds the file in the body.
func filePart(c *fiber.Ctx) (*multipart.Part, error) {
	media, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || media != fiber.MIMEMultipartForm {
		return nil, errors.New("not a form")
	}
	var body io.Reader = c.Context().RequestBodyStream()
	if body == nil {
		body = bytes.NewReader(c.Body())
	}
	form := multipart.NewReader(body, params["boundary"])
	for range 10 {
		part, err := form.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FormName() == field {
			return part, nil
		}
	}
	return nil, errors.New("no file in the form")
}

// download hands a file of the conversation out: to be saved, never shown,
// since it is not of our making.
func (w *Chat) download(c *fiber.Ctx) error {
	v, answered, err := w.holder(c)
	if answered {
		return err
	}
	id := c.Params("id")
	if !goodID(id) {
		return refuse(c, fiber.StatusNotFound, unknownFile, 0)
	}
	f, content, err := w.Files.Open(c.UserContext(), v.Conversation, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return refuse(c, fiber.StatusNotFound, unknownFile, 0)
	case err != nil:
		return w.unavailable(c, "open file", err)
	}
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderContentDisposition,
		cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), "attachment"))
	return c.SendStream(content, int(f.Size))
}
