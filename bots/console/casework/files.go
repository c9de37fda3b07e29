package casework

import (
	"cmp"
	"mime"
	"path"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
)

// file is a file of a case. ID is its place among them, from 1: what stands in
// the answers may be a name that means something to a channel alone.
type file struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	// Ready: it can be looked at; Failed: it never came.
	Ready  bool `json:"ready"`
	Failed bool `json:"failed"`
}

func files(r *registry.Record) []file {
	list := []file{}
	for i, k := range r.Files {
		kind, _, _ := mime.ParseMediaType(mime.TypeByExtension(path.Ext(k.Name)))
		list = append(list, file{ID: strconv.Itoa(i + 1), Name: k.Name, Type: kind, Ready: k.ID != "", Failed: k.ID == "" && k.Failed != ""})
	}
	return list
}

// fileIn finds a file by the name under which it came.
func fileIn(r *registry.Record, all []file, came string) (file, bool) {
	i := slices.IndexFunc(r.Files, func(k registry.File) bool { return k.Came == came || k.ID != "" && k.ID == came })
	if i < 0 {
		return file{}, false
	}
	return all[i], true
}

// download hands out a file of a case; the look is written down first.
func (w *Casework) download(c *fiber.Ctx) error {
	ctx := c.UserContext()
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	n, err := strconv.Atoi(c.Params("id"))
	if err != nil || n < 1 || n > len(r.Files) || r.Files[n-1].ID == "" {
		return w.fail(c, errNotFound)
	}
	by := w.by(c)
	by.Act, by.Subject = audit.File, r.Number.String()
	if err := w.Staff.Audit(ctx, by); err != nil {
		return w.fail(c, err)
	}
	f, content, err := w.Files.Open(ctx, r.Files[n-1].ID)
	if err != nil {
		return w.fail(c, err)
	}
	return console.SendFile(c, cmp.Or(r.Files[n-1].Name, f.Name), content)
}

// reveal shows a secret answer to who says why; the register writes it down
// before it gives it.
func (w *Casework) reveal(c *fiber.Ctx) error {
	var in struct{ Field, Reason string }
	if err := c.BodyParser(&in); err != nil {
		return w.fail(c, console.ErrInvalid)
	}
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	books, err := w.Register.CaseBooks(c.UserContext())
	if err != nil {
		return w.fail(c, err)
	}
	f, ok := books.Forms.Field(appeal.Name(in.Field))
	if !ok || !f.Secret {
		return w.fail(c, errNotFound)
	}
	by := w.by(c)
	if by.Reason, err = console.Reason(in.Reason); err != nil {
		return w.fail(c, registry.ErrReason)
	}
	values, err := w.Register.RevealCase(c.UserContext(), by, r.Number, f.Name)
	if err != nil {
		return w.fail(c, err)
	}
	return c.JSON(fiber.Map{"values": w.revealed(f, values)})
}
