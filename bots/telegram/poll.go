package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"okoshko/core/chat"
)

// poll fetches updates as long as the lease is this replica's, and waits for
// it otherwise: Telegram serves one poller at a time.
func (b *Bot) poll(ctx context.Context, engine Engine) {
	for ctx.Err() == nil {
		mine, give := b.lease(ctx)
		if mine == nil {
			return
		}
		b.state.polling.Store(true)
		b.pollWhile(mine, engine)
		b.state.polling.Store(false)
		give()
	}
}

// lease waits until this replica may poll. The context that it returns ends
// when the lease is lost; nil: ctx has ended.
func (b *Bot) lease(ctx context.Context) (context.Context, context.CancelFunc) {
	if b.cfg.Poller == nil {
		return context.WithCancel(ctx)
	}
	name := "telegram:poll:" + b.id
	for silent := false; ; {
		asked := time.Now()
		mine, err := b.cfg.Poller.Lease(ctx, name, b.pace.lease)
		if err == nil && mine {
			leased, cancel := context.WithCancel(ctx)
			go b.keep(leased, cancel, name, asked)
			return leased, cancel
		}
		if err != nil && !silent && ctx.Err() == nil {
			b.cfg.Log.Warn("lease of polling not known", "error", err)
			silent = true
		}
		if !b.sleep(ctx, b.pace.renew) {
			return nil, nil
		}
	}
}

// keep renews the lease, and ends polling when it is another's or has run out
// unrenewed.
func (b *Bot) keep(ctx context.Context, lost context.CancelFunc, name string, since time.Time) {
	defer lost()
	for b.sleep(ctx, b.pace.renew) {
		asked := time.Now()
		mine, err := b.cfg.Poller.Lease(ctx, name, b.pace.lease)
		switch {
		case err == nil && mine:
			since = asked
		case err == nil, time.Since(since) > b.pace.lease-b.pace.renew:
			b.cfg.Log.Warn("lease of polling lost")
			return
		}
	}
}

// pollWhile polls until ctx ends. An update is confirmed by asking for those
// after it, and that is done when its whole batch has been taken.
func (b *Bot) pollWhile(ctx context.Context, engine Engine) {
	remove := func(ctx context.Context) *apiError { return b.ask(ctx, b.pace.call, "deleteWebhook", nil, nil) }
	if !b.persist(ctx, "deleteWebhook", remove) {
		return
	}
	b.state.ready.Store(true)
	var offset int64
	for failures := 0; ctx.Err() == nil; {
		var batch []json.RawMessage
		asked := time.Now()
		failed := b.ask(ctx, b.pace.pollCall, "getUpdates", tgbotapi.Params{
			"offset": number(offset), "timeout": number(int64(b.pace.poll)),
			"allowed_updates": allowedUpdates,
		}, &batch)
		if failed == nil {
			failures = 0
			b.state.tell(b.cfg.Log)
			next, done := b.takeBatch(ctx, engine, batch)
			if !done {
				return
			}
			// Once confirmed an offset is not repeated: after a quiet week
			// update_ids begin anew, perhaps below it.
			if offset = next; next == 0 && len(batch) > 0 && !b.sleep(ctx, b.pace.conflict) {
				return
			}
			// Telegram holds a poll until there is news; what answers at once
			// would keep us busy for nothing.
			if len(batch) == 0 && time.Since(asked) < b.pace.idle && !b.sleep(ctx, b.pace.idle) {
				return
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		b.state.tell(b.cfg.Log)
		wait := max(backoff(failures, b.pace), failed.RetryAfter)
		failures++
		if failed.Code == 409 {
			if failures == 1 {
				b.cfg.Log.Warn("somebody else polls this bot or has set its webhook")
			}
			wait = max(wait, b.pace.conflict)
		}
		if !b.sleep(ctx, wait) || failed.Code == 409 && !b.persist(ctx, "deleteWebhook", remove) {
			return
		}
	}
}

// delivery is an update of a batch, decoded.
type delivery struct {
	raw []byte
	arrival
	err error
}

// takeBatch takes the updates of a batch, chats side by side, one chat in
// order. next is the offset that confirms all of them, 0 if none had an ID;
// done is false if ctx ended before.
func (b *Bot) takeBatch(ctx context.Context, engine Engine, batch []json.RawMessage) (next int64, done bool) {
	var order []chat.Conversation
	chats := map[chat.Conversation][]delivery{}
	for _, raw := range batch {
		d := delivery{raw: raw}
		d.arrival, d.err = b.decode(raw)
		c := d.conversation()
		if _, ok := chats[c]; !ok {
			order = append(order, c)
		}
		chats[c] = append(chats[c], d)
		next = max(next, updateID(raw)+1)
	}
	if next == 1 {
		next = 0
	}
	var all sync.WaitGroup
	for _, c := range order {
		all.Go(func() {
			for i := range chats[c] {
				if !b.takePatiently(ctx, engine, &chats[c][i]) {
					return
				}
			}
		})
	}
	all.Wait()
	return next, ctx.Err() == nil
}

// takePatiently takes an update again and again while a store of ours is away.
func (b *Bot) takePatiently(ctx context.Context, engine Engine, d *delivery) bool {
	for n := 0; ; n++ {
		told, err := b.settle(ctx, engine, &d.arrival, d.err, d.raw)
		if err == nil {
			if told.query != "" {
				b.answerPress(ctx, told.query, told.toast)
			}
			return true
		}
		if !b.sleep(ctx, backoff(n, b.pace)) {
			return false
		}
	}
}

// updateID reads the ID alone, of an update that may be unreadable otherwise.
func updateID(raw []byte) int64 {
	var u struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &u)
	return max(u.ID, 0)
}
