package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"okoshko/dialogs/words"
)

// Run tells Telegram about the bot, polls if that is the mode, and looks now
// and then whether all is well. It returns nil when ctx ends. It needs Telegram
// at no moment: what fails is logged once and tried again.
func (b *Bot) Run(ctx context.Context, engine Engine) error {
	var background sync.WaitGroup
	background.Go(func() { b.setUp(ctx) })
	if b.cfg.Mode == Polling {
		background.Go(func() { b.poll(ctx, engine) })
	}
	background.Wait()
	b.work.Wait()
	b.hot.http.CloseIdleConnections()
	b.cold.http.CloseIdleConnections()
	return nil
}

// setUp makes the calls after which Telegram knows the bot, then watches.
func (b *Bot) setUp(ctx context.Context) {
	if b.cfg.Mode == Webhook && (b.cfg.WebhookURL == "" || b.persist(ctx, "setWebhook", b.setWebhook)) {
		b.state.ready.Store(true)
	}
	b.persist(ctx, "getMe", func(ctx context.Context) *apiError {
		var me tgbotapi.User
		failed := b.ask(ctx, b.pace.call, "getMe", nil, &me)
		if failed == nil {
			b.state.mu.Lock()
			defer b.state.mu.Unlock()
			b.state.username = me.UserName
		}
		return failed
	})
	if b.cfg.Commands != nil {
		// The list without a language is for everybody who has none of his own.
		b.persist(ctx, "setMyCommands", func(ctx context.Context) *apiError { return b.setCommands(ctx, words.RU, "") })
		b.persist(ctx, "setMyCommands", func(ctx context.Context) *apiError { return b.setCommands(ctx, words.EN, string(words.EN)) })
	}
	for b.sleep(ctx, b.pace.look) {
		b.look(ctx)
	}
}

// persist makes a call until it succeeds; it reports false when ctx ends or
// the call can never succeed. A failure in a row of others is not logged again.
func (b *Bot) persist(ctx context.Context, name string, do func(context.Context) *apiError) bool {
	for n := 0; ctx.Err() == nil; n++ {
		failed := do(ctx)
		if failed == nil {
			b.state.tell(b.cfg.Log)
			if n > 0 {
				b.cfg.Log.Info("telegram setup step done", "step", name)
			}
			return true
		}
		if ctx.Err() != nil {
			break
		}
		// A webhook may be refused for its host's sake, which passes.
		never := failed.Code == 400 && name == "setMyCommands"
		if n == 0 || never {
			b.cfg.Log.Warn("telegram setup step failed", "step", name, "error", failed, "again", !never)
		}
		b.state.tell(b.cfg.Log)
		if never || !b.sleep(ctx, max(backoff(n, b.pace), failed.RetryAfter)) {
			break
		}
	}
	return false
}

// mostDeliveries is how many webhook requests Telegram may have under way with
// us; its own default is 40.
const mostDeliveries = "100"

func (b *Bot) setWebhook(ctx context.Context) *apiError {
	return b.ask(ctx, b.pace.call, "setWebhook", tgbotapi.Params{
		"url": b.cfg.WebhookURL, "secret_token": b.secret.Reveal(),
		"allowed_updates": allowedUpdates, "max_connections": mostDeliveries,
	}, nil)
}

// Limits of the menu (core.telegram.org/bots/api#botcommand).
const (
	maxCommands    = 100
	maxDescription = 256
)

func (b *Bot) setCommands(ctx context.Context, lang words.Lang, code string) *apiError {
	var list []tgbotapi.BotCommand
	for _, c := range b.cfg.Commands(lang) {
		if len(list) < maxCommands {
			list = append(list, tgbotapi.BotCommand{Command: c.Name, Description: clipUnits(c.Description, maxDescription)})
		}
	}
	commands, err := json.Marshal(list)
	if err != nil || len(list) == 0 {
		return nil
	}
	params := tgbotapi.Params{"commands": string(commands), "scope": `{"type":"all_private_chats"}`}
	params.AddNonEmpty("language_code", code)
	return b.ask(ctx, b.pace.call, "setMyCommands", params, nil)
}

// look asks Telegram how delivery goes. A webhook that somebody else has taken
// away is set again.
func (b *Bot) look(ctx context.Context) {
	var info tgbotapi.WebhookInfo
	failed := b.ask(ctx, b.pace.call, "getWebhookInfo", nil, &info)
	b.state.tell(b.cfg.Log)
	if failed != nil {
		return
	}
	b.state.mu.Lock()
	b.state.pending = info.PendingUpdateCount
	b.state.webhookError = time.Time{}
	if info.LastErrorDate > 0 {
		b.state.webhookError = time.Unix(int64(info.LastErrorDate), 0)
	}
	b.state.mu.Unlock()
	if b.cfg.Mode == Webhook && info.URL != b.cfg.WebhookURL {
		b.cfg.Log.Warn("telegram webhook was changed by somebody else")
		b.state.ready.Store(b.persist(ctx, "setWebhook", b.setWebhook))
	}
}

// sleep waits for d; it is false when ctx ended first.
func (b *Bot) sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
