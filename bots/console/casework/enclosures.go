package casework

import (
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// enclosed is a file that goes with an answer (R-5.2.10-a): the photo of a meter,
// a sheet with what was counted anew. Lost: it was erased since.
type enclosed struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	Lost bool   `json:"lost"`
}

// Limits of what goes with an answer; api.md names them. All of it has to fit into
// a letter beside the answer in print: 16 MB, of which mail servers' 25 are left
// when they are written in base64.
const (
	mostEnclosures = 10
	mostEnclosed   = 15 << 20 // bytes
)

var (
	errEnclosures error = &fault.Error{Kind: fault.Invalid, Key: "case_files"}
	errEnclosed   error = &fault.Error{Kind: fault.Invalid, Key: "case_files_size"}
)

// enclose keeps a file for an answer that is being written.
func (w *Casework) enclose(c *fiber.Ctx) error {
	return console.Upload(c, w.Log, "case", func(number, name string, content io.Reader) (f chat.File, err error) {
		ctx := c.UserContext()
		n, err := appeal.ParseNumber(number, w.today().Year)
		if err != nil {
			return f, registry.ErrNoCase
		}
		r, err := w.seen(c, n)
		if err != nil {
			return f, err
		}
		if !writes(&r.Case, w.actor(c)) {
			return f, life.ErrRole
		}
		if f, err = w.Files.Enclose(ctx, &r, name, content); err != nil {
			return f, err
		}
		by := w.by(c)
		by.Act, by.Subject = audit.Upload, r.Number.String()
		return f, w.Staff.Audit(ctx, by)
	})
}

// mayEnclose refuses files that were not kept for an answer to the case, and more
// than a letter holds.
func (w *Casework) mayEnclose(ctx context.Context, n appeal.Number, ids []string) error {
	if len(ids) > mostEnclosures {
		return errEnclosures
	}
	room := int64(mostEnclosed)
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return registry.ErrFile
		}
		f, err := w.Files.Enclosure(ctx, n, id)
		if err != nil {
			return err
		}
		if room -= f.Size; room < 0 {
			return errEnclosed
		}
	}
	return nil
}

// enclosed says what goes with an answer.
func (w *Casework) enclosed(ctx context.Context, k *registry.Reply) ([]enclosed, error) {
	list := []enclosed{}
	for _, id := range k.Files {
		f, err := w.Files.Enclosure(ctx, k.Number, id)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return nil, err
		}
		list = append(list, enclosed{ID: id, Name: f.Name, Type: f.Type, Size: f.Size, Lost: err != nil})
	}
	return list, nil
}

// enclosure hands out the k-th file of an answer, from 1; the look is written down
// first.
func (w *Casework) enclosure(c *fiber.Ctx) error {
	ctx := c.UserContext()
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	reply, err := w.Register.FindReply(ctx, replyOf(c, r.Number))
	if err != nil {
		return w.fail(c, err)
	}
	nth, err := strconv.Atoi(c.Params("k"))
	if err != nil || nth < 1 || nth > len(reply.Files) || reply.Number != r.Number {
		return w.fail(c, errNotFound)
	}
	by := w.by(c)
	by.Act, by.Subject = audit.File, r.Number.String()
	if err := w.Staff.Audit(ctx, by); err != nil {
		return w.fail(c, err)
	}
	f, content, err := w.Files.Open(ctx, reply.Files[nth-1])
	if err != nil {
		return w.fail(c, err)
	}
	return console.SendFile(c, f.Name, content)
}
