package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"okoshko/bots/telegram"
	"okoshko/bots/webchat"
	"okoshko/core/staff"
)

func serveCommand(ctx context.Context, p *program, args []string) error {
	o := p.options("serve")
	demo := o.Bool("demo", false, "load the fictional supplier and start what the demo needs")
	c, err := p.load(o, args)
	if err != nil {
		return err
	}
	if *demo {
		c = c.atHome()
	} else if err := c.ValidateLive(); err != nil {
		return &usageError{err}
	}
	s, err := openServer(ctx, c, *demo, &clock{}, p)
	if err != nil {
		return err
	}
	if *demo {
		if err := s.addDemoCases(ctx); err != nil {
			return errors.Join(err, s.close())
		}
	}
	return errors.Join(s.run(ctx), s.close())
}

// shutdownLimit is how long requests under way may take when the program
// stops; with the engine's own drain it stays below ten seconds.
const shutdownLimit = 3 * time.Second

// run serves until the context ends or a part of the server cannot go on. The
// order of the stop is that of the data: no more requests, then no more turns,
// then nothing of them under way.
func (s *server) run(ctx context.Context) error {
	public, err := net.Listen("tcp", s.config.HTTP.Listen)
	if err != nil {
		return fmt.Errorf("listen for customers: %w", err)
	}
	s.at.Store(new(public.Addr().String()))
	s.announce(public.Addr())
	front, stopFront := context.WithCancel(context.WithoutCancel(ctx))
	back, stopBack := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFront()
	defer stopBack()
	parts, gone := errgroup.WithContext(ctx)
	parts.Go(func() error { return ignoreClosed(s.app.Listener(public)) })
	if s.bot != nil {
		parts.Go(func() error { return s.bot.Run(front, s.engine) })
	}
	parts.Go(func() error { return s.chat.Run(back) })
	parts.Go(func() error { return s.console.Run(front) })
	parts.Go(func() error { return s.engine.Run(back) })
	parts.Go(func() error { return s.jobs.Run(back) })
	parts.Go(func() error { return s.scheduler.Run(back) })
	parts.Go(func() error { return watchman{s.stores.db, s.clock.Now, s.log}.Run(back) })
	parts.Go(func() error { return s.librarian.Run(back) })
	if s.admin != nil {
		parts.Go(s.serveAdmin)
	}
	parts.Go(func() error {
		select {
		case <-gone.Done():
		case err := <-s.stores.failed():
			return err
		}
		return nil
	})
	parts.Go(func() error {
		<-gone.Done()
		s.stopping.Store(true)
		s.log.Info("stopping")
		_ = public.Close() // a listener that has not begun to serve would outlive Shutdown
		if s.emulator != nil {
			_ = s.emulator.Close() // its page waits for news
		}
		s.sayGoodbye()
		err := ignoreClosed(s.app.ShutdownWithTimeout(shutdownLimit))
		if errors.Is(err, context.DeadlineExceeded) {
			err = nil // their senders come again
		}
		stopFront()
		stopBack()
		if s.admin != nil {
			err = errors.Join(err, s.admin.Close())
		}
		return err
	})
	err = parts.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return err
}

// goodbyeLimit is how long open chats may take to be told of the stop.
const goodbyeLimit = 2 * time.Second

// sayGoodbye sends the visitors of open chats to another replica.
func (s *server) sayGoodbye() {
	ctx, cancel := context.WithTimeout(context.Background(), goodbyeLimit)
	defer cancel()
	s.chat.Close(ctx)
}

// ignoreClosed forgives what a listener says when it was closed on purpose.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (s *server) serveAdmin() error {
	if err := s.admin.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("listen for operators: %w", err)
	}
	return nil
}

// announce tells whoever started the program where to go.
func (s *server) announce(at net.Addr) {
	s.log.Info("serving", "address", at.String(), "demo", s.demo)
	if !s.demo {
		return
	}
	_, port, _ := net.SplitHostPort(at.String())
	fmt.Fprintf(s.program.stderr, `
  Okoshko is ready.
    Site       http://localhost:%[1]s/
    Telegram   http://localhost:%[1]s/demo/telegram
    Console    http://localhost:%[1]s/console/
%[2]s    Phones     http://localhost:%[1]s/demo/sms
    Mailboxes  http://localhost:%[1]s/demo/mail
    Bank       http://localhost:%[1]s/demo/pay
    Clock      http://localhost:%[1]s/demo/clock
  Try account 0145201372, meter digits 5093. Ctrl-C stops it.

`, port, s.demoLogins())
}

// demoLogins lists the demo's accounts of the console, a line each.
func (s *server) demoLogins() string {
	var out strings.Builder
	for _, one := range demoStaff {
		roles := staff.Account{Roles: one.card.Roles}.Fields()["roles"]
		fmt.Fprintf(&out, "               %-7s %s  %s\n", one.login, s.demoStaff[one.login], roles)
	}
	return out.String()
}

// look is what /readyz says.
func (s *server) look(ctx context.Context) health {
	h := health{Stopping: s.stopping.Load(), Redis: "ok", Postgres: "ok", Channels: map[string]any{}}
	if err := s.stores.live.Ping(ctx); err != nil {
		h.Redis = "unavailable"
	}
	if err := s.stores.db.Ping(ctx); err != nil {
		h.Postgres = "unavailable"
	}
	h.Ready = h.Redis == "ok" && !h.Stopping
	if h.Redis == "ok" {
		if d, err := s.stores.live.Durability(ctx); err == nil {
			h.Durability = d
		}
		if waited, err := s.stores.live.OldestDue(ctx, s.clock.Now()); err == nil {
			h.OldestUndelivered = waited.Seconds()
		}
	}
	h.Channels[webchat.Name] = s.chat.Status()
	if s.bot != nil {
		h.Channels[telegram.Name] = s.bot.Status()
	}
	return h
}

// refuseWhenStopping answers 503 to what would begin a turn while the program
// stops: its sender comes again, to another replica.
func (s *server) refuseWhenStopping(c *fiber.Ctx) error {
	if s.stopping.Load() {
		c.Set(fiber.HeaderRetryAfter, "2")
		return c.SendStatus(fiber.StatusServiceUnavailable)
	}
	return c.Next()
}
