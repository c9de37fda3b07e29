package console

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
	visits "okoshko/core/visit"
)

// Path is where the API lies; the other two are the only addresses that take
// large bodies: files for a conversation, and for an answer to a case.
const (
	Path          = "/console/api"
	UploadPath    = Path + "/files"
	EnclosurePath = Path + "/cases/files"
)

// Config is what the console stands on.
type Config struct {
	Engine Engine
	Desk   Desk
	Staff  Staff
	Live   Live
	Files  Files
	Links  Links
	Visits Visits
	// Parts are doors of parts of the console that stand in folders of their own.
	Parts []Door
	// Schedules are those of the offices; Told is what a customer is told whose
	// visit is moved or called off.
	Schedules Schedules
	Told      func(n visits.News) string
	// Apply brings the changes of a hand-off into its conversation at once; the
	// queue of jobs does so in any case.
	Apply func(ctx context.Context, handoff int64) error
	// ShowTyping tells a customer that a person writes, where a channel has to be
	// told so; those that read hints know. It may do nothing.
	ShowTyping func(ctx context.Context, c chat.Conversation)
	// PublicURL is the address that staff use, beside the one they connect to.
	PublicURL string
	// Company is who the console belongs to, in its staff's authenticators; Latin
	// letters make squares that phones read more easily.
	Company string
	// Demo: the customers are made up. Roles then ask for no second factor that
	// only a live console needs, and a plain http address will do.
	Demo bool
	// Hours are those of the desk.
	Hours calendar.Hours
	// Address is where a request comes from, for limits and the audit.
	Address func(c *fiber.Ctx) string
	Now     func() time.Time
	Log     *slog.Logger
}

// Console is the API.
type Console struct {
	Config
	public  string // origin of PublicURL
	hashing chan struct{}
	hub     *hub
}

// New returns the API.
func New(c Config) *Console {
	s := &Console{Config: c, hashing: make(chan struct{}, hashers)}
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		s.public = u.Scheme + "://" + u.Host
	}
	s.hub = newHub(s)
	return s
}

// Run brings hints to the pages until ctx ends.
func (s *Console) Run(ctx context.Context) error { return s.hub.run(ctx) }

// refuse answers with an error.
func refuse(c *fiber.Ctx, status int, code string) error {
	return c.Status(status).JSON(fiber.Map{"error": code})
}

// statuses say what a kind of failure is over HTTP.
var statuses = map[fault.Kind]int{
	fault.Invalid:  fiber.StatusBadRequest,
	fault.NotFound: fiber.StatusNotFound,
	fault.Conflict: fiber.StatusConflict,
	fault.Denied:   fiber.StatusForbidden,
}

// fail answers an error of the stores, the engine or the desk.
func (s *Console) fail(c *fiber.Ctx, err error) error { return Fail(c, s.Log, err, nil) }

// Fail answers an error: with the status of its kind, its key, and more for the
// page. What is a mistake of ours is logged, and nothing of it is told.
func Fail(c *fiber.Ctx, log *slog.Logger, err error, more fiber.Map) error {
	body := fiber.Map{}
	maps.Copy(body, more)
	answer := func(status int, code string) error {
		body["error"] = code
		return c.Status(status).JSON(body)
	}
	var taken *desk.TakenError
	if errors.As(err, &taken) {
		body["by"] = taken.By
		return answer(fiber.StatusConflict, "taken")
	}
	kind := fault.Of(err)
	status, known := statuses[kind]
	if !known {
		if kind != fault.Unavailable {
			log.Error("console request failed", "route", c.Route().Path, "error", err)
			return answer(fiber.StatusInternalServerError, "internal")
		}
		log.Warn("console request put off", "route", c.Route().Path, "error", err)
		c.Set(fiber.HeaderRetryAfter, "2")
		return answer(fiber.StatusServiceUnavailable, "unavailable")
	}
	code := kind.String()
	var f *fault.Error
	if errors.As(err, &f) && f.Key != "" {
		code = f.Key
	}
	return answer(status, code)
}

// audit notes what was done. What cannot be noted is not done.
func (s *Console) audit(c *fiber.Ctx, act audit.Act, conversation chat.Conversation) error {
	return s.noteDown(c, audit.Entry{Act: act, Conversation: string(conversation)})
}
