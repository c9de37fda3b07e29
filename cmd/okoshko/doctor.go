package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"syscall"
	"time"

	"okoshko/bots/telegram"
	"okoshko/core/fault"
	"okoshko/core/payment"
)

// finding is one thing that the doctor has looked at.
type finding struct {
	grade grade
	what  string
	says  string
}

type grade uint8

const (
	fine grade = iota
	doubtful
	broken
)

var grades = [...]string{fine: "ok", doubtful: "warn", broken: "FAIL"}

var errUnwell = errors.New("something that the server needs is not as it should be")

// doctorTimeout bounds each look at something outside.
const doctorTimeout = 10 * time.Second

// doctorCommand looks at everything that the server needs, and fails if
// something would keep it from serving.
func doctorCommand(ctx context.Context, p *program, args []string) error {
	c, err := p.load(p.options("doctor"), args)
	if err != nil {
		return err
	}
	unwell := false
	for _, f := range examine(ctx, c, p.stderr) {
		unwell = unwell || f.grade == broken
		fmt.Fprintf(p.stdout, "%-4s  %-14s %s\n", grades[f.grade], f.what, f.says)
	}
	if unwell {
		return errUnwell
	}
	return nil
}

func examine(ctx context.Context, c Config, stderr io.Writer) []finding {
	found := []finding{{fine, "configuration", "valid"}}
	if err := c.ValidateLive(); err != nil {
		found[0] = finding{doubtful, "configuration", "enough for the demo only: " + err.Error()}
	}
	if says := c.Misleading(); says != "" {
		found = append(found, finding{doubtful, "links", says})
	}
	found = append(found, openFiles())
	log := newLog(c, stderr)
	s, err := openStores(ctx, c, storeOptions{
		postgres: true, redis: true, demo: c.Data.Key.IsZero(), log: log, now: time.Now,
	})
	if err != nil {
		return append(found, finding{broken, "stores", err.Error()})
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	return append(found, examinePostgres(ctx, s), examineRedis(ctx, s), examineTelegram(ctx, c, s, log), examinePayments(ctx, c, s, log))
}

func examinePostgres(ctx context.Context, s *stores) finding {
	about, err := s.db.About(ctx)
	switch {
	case err != nil:
		return finding{broken, "postgres", err.Error()}
	case !about.FoldsCyrillic:
		return finding{broken, "postgres", "its locale does not know Cyrillic letters: create the database with LOCALE 'C.UTF-8'"}
	case about.Pending > 0:
		return finding{doubtful, "postgres", fmt.Sprintf("version %s; %d migrations to come: `okoshko migrate`, or the next start, carries them out", about.Version, about.Pending)}
	}
	return finding{fine, "postgres", fmt.Sprintf("version %s, schema up to date", about.Version)}
}

func examineRedis(ctx context.Context, s *stores) finding {
	d, err := s.live.Durability(ctx)
	switch {
	case err != nil:
		return finding{broken, "redis", err.Error()}
	case !d.Safe():
		return finding{doubtful, "redis", d.String()}
	}
	return finding{fine, "redis", d.String()}
}

func examineTelegram(ctx context.Context, c Config, s *stores, log *slog.Logger) finding {
	t := c.Telegram
	if t.Token.IsZero() {
		return finding{doubtful, "telegram", "no token: the channel is off"}
	}
	bot, err := telegram.New(telegram.Config{
		Token: t.Token, APIURL: t.APIURL, Proxy: t.Proxy, Mode: telegram.Mode(t.Mode),
		WebhookURL: t.WebhookURL, WebhookSecret: t.WebhookSecret,
		Quarantine: s.db, Log: log, Now: time.Now,
	})
	if err != nil {
		return finding{broken, "telegram", err.Error()}
	}
	name, err := bot.Whoami(ctx)
	if err != nil {
		return finding{doubtful, "telegram", "not reachable now, the rest serves without it: " + err.Error()}
	}
	return finding{fine, "telegram", "@" + name}
}

// examinePayments asks the provider for a payment that nobody has started.
func examinePayments(ctx context.Context, c Config, s *stores, log *slog.Logger) finding {
	t, err := newTill(c, s.db, log, newMetrics())
	switch {
	case err != nil:
		return finding{broken, "payments", err.Error()}
	case t == nil:
		return finding{doubtful, "payments", "no provider: nobody is offered to pay online"}
	}
	switch _, err := t.provider.Find(ctx, payment.NewNumber()); {
	case fault.Is(err, fault.NotFound):
		return finding{fine, "payments", "the provider answers"}
	case fault.Is(err, fault.Denied):
		return finding{doubtful, "payments", "the provider does not know payment.token: nobody can pay online"}
	default:
		return finding{doubtful, "payments", fmt.Sprintf("nobody can pay online now, the rest serves without it: %v", err)}
	}
}

// manyFiles is a limit of open files with room for ten thousand customers.
const manyFiles = 16384

func openFiles() finding {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return finding{doubtful, "open files", err.Error()}
	}
	if limit.Cur < manyFiles {
		return finding{doubtful, "open files", fmt.Sprintf("%d may be open; raise the limit (ulimit -n %d) for many customers at once", limit.Cur, manyFiles)}
	}
	return finding{fine, "open files", fmt.Sprintf("%d may be open", limit.Cur)}
}
