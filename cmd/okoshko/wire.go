package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres"
	"okoshko/bots/console"
	"okoshko/bots/site"
	"okoshko/bots/site/answers"
	siteclock "okoshko/bots/site/clock"
	"okoshko/bots/site/form"
	"okoshko/bots/site/frontpage"
	"okoshko/bots/site/indicators"
	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/bots/webchat"
	"okoshko/core/appeal/enquiry"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/words"
)

// server is the running program: every part of it, put together.
type server struct {
	program    *program
	config     Config
	demo       bool
	log        *slog.Logger
	clock      *clock
	metrics    *metrics
	stores     *stores
	emulator   *telegramtest.Server // the demo's Telegram, unless another is configured
	boxes      boxes                // the demo's phones and mailboxes, unless others are configured
	workers    *workers
	letters    *caseLetters
	discretion *discretion
	abacus     *abacus
	bot        *telegram.Bot // nil: no token, the channel is off
	chat       *webchat.Chat
	console    *console.Console
	demoStaff  map[string]string // login → password; nil without --demo
	engine     *turn.Engine
	librarian  *librarian
	jobs       *postgres.Jobs
	till       *till // nil: no provider of payments
	scheduler  *scheduler
	app        *fiber.App
	admin      *http.Server // nil: switched off
	stopping   atomic.Bool
	at         atomic.Pointer[string] // host:port, once it listens
}

// openServer puts the server together, from the stores up to the surfaces, on a clock.
func openServer(ctx context.Context, c Config, demo bool, clock *clock, p *program) (*server, error) {
	s := &server{program: p, config: c, demo: demo, clock: clock, metrics: newMetrics()}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *server) open(ctx context.Context) error {
	if err := s.startEmulator(); err != nil {
		return err
	}
	if s.demo {
		s.boxes.self = s.notifyAddress
		if err := s.boxes.start(&s.config, s.clock.Now); err != nil {
			return err
		}
	}
	s.log = newLog(s.config, s.program.stderr)
	if err := s.openData(ctx); err != nil {
		return err
	}
	var err error
	if s.till, err = newTill(s.config, s.stores.db, s.log, s.metrics); err != nil {
		return err
	}
	papers, err := newCasePapers(s.config, s.stores, s.clock.Now)
	if err != nil {
		return err
	}
	s.discretion = newDiscretion(s.config, func() *frontpage.Facts { return s.librarian.newest() })
	shelf := new(questions.Shelf)
	book, err := newBook(s.config, s.stores, s.till, shelf, papers, s.discretion)
	if err != nil {
		return err
	}
	if s.librarian, err = newLibrarian(s.config, s.stores.db, shelf, book, s.stores.days, s.clock.Now, s.log); err != nil {
		return err
	}
	s.librarian.look(ctx)
	channels := map[string]turn.Channel{}
	if !s.config.Telegram.Token.IsZero() {
		if s.bot, err = s.newBot(book); err != nil {
			return err
		}
		channels[telegram.Name] = s.bot
	}
	s.engine = newEngine(book, s.stores, channels, s.clock.Now, s.log, s.metrics)
	s.stores.doubts.engine.Store(s.engine)
	if err := s.options().await(ctx, "redis, postgres", func() error { return s.engine.Start(ctx) }); err != nil {
		return err
	}
	post, err := newPost(s.config, s.stores.files)
	if err != nil {
		return err
	}
	s.workers = &workers{DB: s.stores.db, sessions: s.stores.live.Sessions}
	if s.letters, err = s.newCaseLetters(post, papers); err != nil {
		return err
	}
	if s.jobs, err = s.stores.db.Jobs(s.work(post)); err != nil {
		return err
	}
	if s.scheduler, err = newScheduler(s.config, tools{s.stores, s.till, s.config.Company.KeepDialogs}, s.clock.Now, s.log, s.metrics); err != nil {
		return err
	}
	if err := s.openAbacus(); err != nil {
		return err
	}
	s.chat = s.newChat()
	if s.console, err = s.newConsole(); err != nil {
		return err
	}
	return s.mount()
}

// demoKeep is how many messages of a chat, and calls in all, the demo's Telegram
// remembers.
const demoKeep = 500

// startEmulator gives the demo a Telegram of its own, unless one is configured.
func (s *server) startEmulator() error {
	if !s.demo || !s.config.Telegram.Token.IsZero() {
		return nil
	}
	s.emulator = telegramtest.New(telegramtest.Config{
		Now: s.clock.Now, Name: s.config.Company.Brand.RU, Keep: demoKeep,
	})
	if err := s.emulator.Listen("127.0.0.1:0"); err != nil {
		return fmt.Errorf("start the demo's Telegram: %w", err)
	}
	t := &s.config.Telegram
	t.Token, t.APIURL, t.Mode = privacy.NewSecret(s.emulator.Token()), s.emulator.URL(), TelegramPolling
	return nil
}

// storePatience is how long a start waits for a store that is away.
const storePatience = 20 * time.Second

// openData opens the stores and fills them.
func (s *server) openData(ctx context.Context) (err error) {
	s.stores, err = openStores(ctx, s.config, s.options())
	if err != nil {
		return err
	}
	return s.fillData(ctx)
}

// fillData brings the stores to this version, and puts into them what comes with
// the program.
func (s *server) fillData(ctx context.Context) (err error) {
	if err := s.options().await(ctx, "postgres", func() error { return s.stores.db.Migrate(ctx) }); err != nil {
		return err
	}
	if err := s.stores.db.AddArticles(ctx, knowledge.Published()); err != nil {
		return err
	}
	if !s.demo {
		return nil
	}
	if err := s.stores.db.LoadDemo(ctx); err != nil {
		return err
	}
	s.demoStaff, err = addDemoStaff(ctx, s.stores.db, s.config.Data.Dir)
	return err
}

// options are how the server wants its stores.
func (s *server) options() storeOptions {
	return storeOptions{
		postgres: true, redis: true, serve: true, demo: s.demo, patience: storePatience, log: s.log, now: s.clock.Now,
	}
}

func (s *server) newBot(book *dialog.Book) (*telegram.Bot, error) {
	t := s.config.Telegram
	return telegram.New(telegram.Config{
		Token: t.Token, APIURL: t.APIURL, Proxy: t.Proxy,
		Mode: telegram.Mode(t.Mode), WebhookURL: t.WebhookURL, WebhookSecret: t.WebhookSecret,
		Commands: book.SlashCommands, Files: s.stores.files,
		Links: links{files: s.stores.files, clock: s.clock, base: s.config.HTTP.PublicURL}, Tickets: s.ticketAddress,
		Poller: s.stores.live, Quarantine: s.stores.db, Log: s.log, Now: s.clock.Now, Meter: s.metrics,
	})
}

// work is what jobs call.
func (s *server) work(post *post) postgres.Work {
	return postgres.Work{
		Notice: post.send, NewLink: s.tellNewLink, Carried: s.tellCarried, Ended: s.tellEnded, Visit: s.tellVisit, Payment: s.tellPayment,
		CaseNews: s.tellCase, CaseFate: s.engine.Fate, CaseMail: s.letters.mail, CaseAlert: s.letters.alert, CaseDelivery: s.letters.answer,
		Fetch: func(ctx context.Context, channel, id string) (io.ReadCloser, error) {
			if channel == webchat.Name { // it stands in our store already
				_, content, err := s.stores.files.Open(ctx, id)
				return content, err
			}
			if channel != telegram.Name || s.bot == nil {
				return nil, fault.New(fault.Invalid, "no files come from channel "+channel)
			}
			return s.bot.Fetch(ctx, id)
		},
		Desk: s.tellConversation,
		Store: func(ctx context.Context, f postgres.File, r io.Reader) (string, error) {
			return s.stores.files.Put(ctx, files.File{Owner: f.Owner, Conversation: f.Conversation, Name: f.Name}, r)
		},
	}
}

// mount puts the surfaces on their addresses.
func (s *server) mount() error {
	s.app = newApp(s.config, s.log, func(c *fiber.Ctx) bool { return s.bot != nil && s.bot.TooLarge(c) })
	mountHealth(s.app, s.look)
	if s.bot != nil {
		s.app.Use("/telegram", s.refuseWhenStopping)
		s.bot.Mount(s.app, s.engine)
	}
	s.app.Use("/chat", s.refuseWhenStopping)
	s.chat.Mount(s.app)
	s.app.Use(console.Path, s.refuseWhenStopping)
	s.console.Mount(s.app)
	if s.till != nil {
		s.app.Use(notifyPath, s.refuseWhenStopping)
		s.till.mount(s.app, s.clock.Now)
	}
	if err := mountPages(s.app); err != nil {
		return err
	}
	site.New(s.stores.files, s.clock.Now, s.log).Mount(s.app)
	zone, err := s.config.Company.Location()
	if err != nil {
		return err
	}
	form.New(form.Config{
		Forms: s.stores.db, Public: s.config.HTTP.PublicURL, Zone: zone, Now: s.clock.Now, Log: s.log,
	}).Mount(s.app)
	now := func() time.Time { return s.clock.Now().In(zone) }
	indicators.Mount(s.app, now, s.abacus.public)
	answers.Mount(s.app, answers.Config{
		Content: s.librarian.answers, Links: s.librarian.links, Public: s.config.HTTP.PublicURL, Chat: s.config.WebChat.PageURL,
		Brand: byLanguage(s.config.Company.Brand), Now: now,
	})
	if s.demo {
		frontpage.Mount(s.app, now, s.librarian.facts.Load)
		siteclock.Mount(s.app, "/demo/clock", zone, s.clock)
		s.boxes.mount(s.app, s.config)
		if s.boxes.bank != nil {
			if err := s.boxes.mountBank(s.app, s.config); err != nil {
				return err
			}
		}
		if s.emulator != nil {
			s.emulator.Mount(s.app.Group("/demo/telegram"))
		}
	}
	if s.config.Admin.Listen != "" {
		s.admin = adminServer(s.config.Admin.Listen, s.metrics)
	}
	return nil
}

// close ends what open has started.
func (s *server) close() error {
	var errs []error
	if s.emulator != nil {
		errs = append(errs, s.emulator.Close())
	}
	errs = append(errs, s.boxes.close())
	if s.stores != nil {
		errs = append(errs, s.stores.Close())
	}
	return errors.Join(errs...)
}

// links makes addresses under which a personal file can be fetched once.
type links struct {
	files *files.Store
	clock *clock
	base  string
}

// OneTime implements telegram.Links.
func (l links) OneTime(ctx context.Context, f chat.File, c chat.Conversation) (string, error) {
	token, err := l.files.Link(ctx, f.ID, c, l.clock.Now())
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(l.base, "/") + "/files/" + token, nil
}

// newBook puts the scenarios on their stores.
func newBook(c Config, s *stores, till *till, answers *questions.Shelf, letters *casePapers, own *discretion) (*dialog.Book, error) {
	zone, err := c.Company.Location()
	if err != nil {
		return nil, err
	}
	guests := customer.NewGuests(s.db, s.live, c.Limits.tries())
	hours, err := c.Schedule(s.days)
	if err != nil {
		return nil, err
	}
	papers, err := newPapers(c, s.files)
	if err != nil {
		return nil, err
	}
	ports := dialogs.Ports{
		Linked: s.db, Guests: guests, Meters: s.db, Desk: s.db, Sent: s.db, Staff: s.db, Hours: hours, Handling: c.Desk.Handling,
		Linkers: customer.NewLinkers(s.db, s.live, c.Limits.tries()), Records: s.db, Links: s.db,
		Documents: customer.Documents{"ru": c.Company.Name.RU, "en": c.Company.Name.EN},
		Arrivals:  customer.NewArrivals(s.db, s.live, c.Limits.tries()), Tickets: s.db,
		Site: true, Telegram: !c.Telegram.Token.IsZero(),
		Papers: papers, Answers: answers,
		CaseLimits: registry.Limits{Hourly: c.Limits.AppealsPerHour, Twins: c.Limits.SameAppeal},
		Diary:      s.db, Visits: visitDesk{s.db, s.live}, Invitations: newInvitations(c, s), Days: s.days,
		Cases: caseCounter{s.db, s.live}, Askers: enquiry.NewAskers(s.db, s.live, c.Limits.tries()), Letters: letters, Redact: own.redact,
	}
	if till != nil {
		ports.Till = till
	}
	return dialog.NewBook(dialog.House{
		Zone:        zone,
		Company:     byLanguage(c.Company.Brand),
		Hours:       byLanguage(c.Company.Hours),
		Phone:       c.Company.Phone,
		RemindAfter: c.Dialogs.Reminder, SetAsideAfter: c.Dialogs.Expiry,
		Largest: largestUpload,
		Policy:  c.channelPolicy(),
	}, dialogs.Scenarios(ports, zone)...)
}

// channelPolicy says what each channel may carry of a customer's data. A
// terminal is the operator's of this machine, who can read the stores anyway.
func (c Config) channelPolicy() privacy.Policy {
	policy := privacy.HousePolicy()
	if c.Telegram.Policy == PolicyStrict {
		policy = policy.Strict()
	}
	policy[terminalName] = privacy.Everything
	return policy
}

func byLanguage(w Words) map[words.Lang]string {
	return map[words.Lang]string{words.RU: w.RU, words.EN: w.EN}
}

// newEngine puts the turn on the stores and the channels.
func newEngine(book *dialog.Book, s *stores, channels map[string]turn.Channel, now func() time.Time, log *slog.Logger, m turn.Meter) *turn.Engine {
	return turn.New(book, turn.Ports{
		Conversations: s.live, Outbox: s.live, Agenda: s.live, Backlog: s.live,
		Archive: s.db, Marks: s.db, Quarantine: s.db, History: s.live, Channels: channels,
		Readers: map[string]chat.Caps{webchat.Name: webchat.Caps},
	}, now, log, m)
}

// newLog writes the log to w; the secrets of the configuration never reach it.
func newLog(c Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Log.Level}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if c.Log.Format == "json" {
		handler = slog.NewJSONHandler(w, options)
	}
	return slog.New(privacy.Redact(handler, c.Telegram.Token, c.Telegram.WebhookSecret, c.SMS.Token, c.Payment.Token, c.Payment.Secret))
}
