package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/url"
	"strings"
	"sync"
	"syscall"

	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres"
	"okoshko/bots/web"
	"okoshko/bots/webchat"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// newChat puts the web channel on its stores.
func (s *server) newChat() *webchat.Chat {
	c := s.config.WebChat
	open := descriptors()
	s.log.Info("open files", "limit", open, "sockets", open/5*4)
	return webchat.New(webchat.Config{
		Origins: append([]string{origin(s.config.HTTP.PublicURL)}, c.Origins...), Local: s.demo,
		Secret: c.IdentitySecret, Upload: largestUpload, Messages: c.MessagesPerMinute, MaxSockets: open / 5 * 4,
		Address:  addressOf(s.config.HTTP.TrustedProxies),
		Tickets:  s.ticketAddress,
		Visitors: s.stores.db, Live: s.stores.live, Files: webFiles{s.stores.files, s.stores.db},
		Engine: s.engine, Log: s.log, Now: s.clock.Now, Meter: s.metrics,
	})
}

// origin is how browsers name the site of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// descriptors is how many files and connections this process may have open.
func descriptors() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 1024
	}
	return int(min(limit.Cur, 1<<20))
}

// pages are what browsers load, packed once: they are a part of the program.
var pages = sync.OnceValues(func() (mounted []interface{ Mount(r fiber.Router) }, err error) {
	bundle, err := web.Embedded()
	if err != nil {
		return nil, err
	}
	assets, err := web.New(bundle)
	if err != nil {
		return nil, err
	}
	page, err := web.NewConsole(bundle)
	if err != nil {
		return nil, err
	}
	return []interface{ Mount(r fiber.Router) }{assets, page}, nil
})

// mountPages serves what browsers load, the widget and the console's page, or
// says that they were not built.
func mountPages(app *fiber.App) error {
	parts, err := pages()
	if errors.Is(err, web.ErrNotBuilt) {
		for _, path := range []string{"/widget.js", "/console/"} {
			app.Get(path, func(c *fiber.Ctx) error {
				return c.Status(fiber.StatusServiceUnavailable).SendString(err.Error())
			})
		}
		return nil
	}
	for _, part := range parts {
		part.Mount(app)
	}
	return err
}

// webFiles gives the web channel the files of one conversation at a time.
type webFiles struct {
	files *files.Store
	db    *postgres.DB
}

// uploaded begins the owner of a file that a visitor has sent.
const uploaded = "web/"

// Upload implements webchat.Files.
func (w webFiles) Upload(ctx context.Context, c chat.Conversation, name string, r io.Reader) (chat.File, error) {
	return w.put(ctx, uploaded+rand.Text(), c, name, r)
}

func (w webFiles) put(ctx context.Context, owner string, c chat.Conversation, name string, r io.Reader) (chat.File, error) {
	return putFile(ctx, w.files, files.File{Owner: owner, Conversation: c, Name: name}, r)
}

// putFile stores a file and returns what became of it.
func putFile(ctx context.Context, store *files.Store, f files.File, r io.Reader) (chat.File, error) {
	id, err := store.Put(ctx, f, r)
	if err != nil {
		return chat.File{}, err
	}
	stored, content, err := store.Open(ctx, id)
	if err != nil {
		return stored, err
	}
	return stored, content.Close()
}

// Find implements webchat.Files. Who asks is about to name the file.
func (w webFiles) Find(ctx context.Context, c chat.Conversation, id string) (chat.File, bool, error) {
	owner, err := w.owner(ctx, c, id)
	if err != nil {
		return chat.File{}, false, err
	}
	f, content, err := w.files.Open(ctx, id)
	if err != nil {
		return f, false, err
	}
	_ = content.Close()
	return f, strings.HasPrefix(owner, uploaded), w.db.NameFile(ctx, id)
}

// Open implements webchat.Files.
func (w webFiles) Open(ctx context.Context, c chat.Conversation, id string) (chat.File, io.ReadCloser, error) {
	if _, err := w.owner(ctx, c, id); err != nil {
		return chat.File{}, nil, err
	}
	return w.files.Open(ctx, id)
}

func (w webFiles) owner(ctx context.Context, c chat.Conversation, id string) (string, error) {
	owner, of, err := w.db.FileOwner(ctx, id)
	if err == nil && of != c {
		err = fault.New(fault.NotFound, "the file is another conversation's")
	}
	return owner, err
}
