package telegram

import (
	"context"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Send implements turn.Channel. It puts the message in place of another one if
// it can, else below. A message that has several parts in Telegram, such as
// two files, goes on where it stopped when it is sent again by this replica.
func (b *Bot) Send(ctx context.Context, p turn.Parcel) turn.Report {
	chatID, ok := chatOf(p.Conversation)
	if !ok {
		return turn.Report{Fate: turn.Refused, Why: "no telegram conversation"}
	}
	if wait := b.held(); wait > 0 {
		return turn.Report{Fate: turn.Later, Why: "bot is held", After: wait}
	}
	p.Message = p.Message.Open(func(sealed []byte) string {
		if b.cfg.Tickets == nil {
			return ""
		}
		return b.cfg.Tickets(p.Conversation, sealed)
	})
	m, report := b.withLinks(ctx, chatID, p)
	if report != nil {
		return *report
	}
	if m.Empty() {
		return turn.Report{Fate: turn.Refused, Why: "nothing to say"}
	}
	var id int64
	var failed *apiError
	if len(m.Files) > 0 {
		id, failed = b.sendFiles(ctx, chatID, &m)
	} else {
		replaces, _ := strconv.ParseInt(p.Replaces, 10, 64)
		id, failed = b.say(ctx, chatID, max(replaces, 0), &m)
	}
	if failed != nil {
		report := b.report(chatID, failed)
		if report.Fate == turn.Refused {
			b.troubles.over(chatID)
		}
		return report
	}
	b.troubles.over(chatID)
	if shares(&m) {
		b.keyboards.add(chatID)
	}
	return turn.Report{Fate: turn.Sent, Foreign: number(id)}
}

// say sends a text, in place of another message if replaces is not 0. What
// Telegram does not take is tried once more in a simpler form.
func (b *Bot) say(ctx context.Context, chatID, replaces int64, m *chat.Message) (int64, *apiError) {
	if shares(m) {
		replaces = 0 // a reply keyboard comes with a new message only
	}
	var s style
	s.dropKeyboard = b.dropKeyboard(ctx, chatID, replaces == 0 && !hasButtons(m, s), m)
	for {
		method := "sendMessage"
		if replaces != 0 {
			method = "editMessageText"
		}
		id, failed := b.call(ctx, method, func(out []byte) []byte { return appendMessage(out, chatID, replaces, m, s) })
		switch {
		case failed == nil:
			if s.dropKeyboard {
				b.keyboards.remove(chatID)
			}
			return id, nil
		case failed.Code != 400:
			return 0, failed
		case replaces != 0 && failed.says(notModified):
			return replaces, nil
		case failed.says(noEntities) && !s.plain:
			b.cfg.Log.Error("telegram could not read our markup")
			s.plain = true
		case (failed.says(buttonURL) || failed.says(buttonURLOld)) && !s.linksAsText:
			s.linksAsText = true
		case replaces != 0:
			replaces = 0 // too old, deleted, or a photo: it stands below now
		default:
			return 0, failed
		}
	}
}

// dropKeyboard sees that a reply keyboard of ours goes. It reports true if the
// message itself can carry the order, since it is new and has no buttons; any
// other needs a message of its own, which is deleted at once.
func (b *Bot) dropKeyboard(ctx context.Context, chatID int64, carries bool, m *chat.Message) bool {
	if shares(m) || !b.keyboards.has(chatID) {
		return false
	}
	if carries {
		return true
	}
	remover := chat.Message{Blocks: text.Say(languageOf(m), "removed")}
	id, failed := b.call(ctx, "sendMessage", func(out []byte) []byte {
		return appendMessage(out, chatID, 0, &remover, style{dropKeyboard: true})
	})
	if failed != nil {
		return false // the message itself matters more; the next one tries again
	}
	b.keyboards.remove(chatID)
	_, _ = b.call(ctx, "deleteMessage", func(out []byte) []byte {
		out = strconv.AppendInt(append(out, `{"chat_id":`...), chatID, 10)
		return append(strconv.AppendInt(append(out, `,"message_id":`...), id, 10), '}')
	})
	return false
}

// held is how long no message may be sent at all.
func (b *Bot) held() time.Duration {
	till := b.heldTill.Load()
	if till == 0 {
		return 0
	}
	return time.Until(time.Unix(0, till))
}

// hold obeys a 429 that speaks of no chat: the whole bot waits.
func (b *Bot) hold(failed *apiError) {
	if failed == nil || failed.Code != 429 {
		return
	}
	till := time.Now().Add(max(failed.RetryAfter, time.Second)).UnixNano()
	for {
		before := b.heldTill.Load()
		if before >= till || b.heldTill.CompareAndSwap(before, till) {
			return
		}
	}
}

// appendAnswer writes the arguments of answerCallbackQuery; head is
// `{"method":"answerCallbackQuery",` in the answer of a webhook, else "{".
func appendAnswer(out []byte, head, query, toast string) []byte {
	out = appendString(append(append(out, head...), `"callback_query_id":"`...), query, false)
	if toast != "" {
		out = appendString(append(out, `","text":"`...), clipUnits(toast, maxToast), false)
	}
	return append(out, `"}`...)
}

// answerPress ends the spinner of a press by a call that nobody waits for. A
// late answer is refused and means nothing.
func (b *Bot) answerPress(ctx context.Context, query, toast string) {
	select {
	case b.answers <- struct{}{}:
	default:
		return // Telegram is slow; the client will press again
	}
	b.work.Go(func() {
		defer func() { <-b.answers }()
		ctx := context.WithoutCancel(ctx)
		_, failed := b.call(ctx, "answerCallbackQuery", func(out []byte) []byte { return appendAnswer(out, "{", query, toast) })
		b.hold(failed)
	})
}

// clipUnits cuts s to at most limit UTF-16 units.
func clipUnits(s string, limit int) string {
	n := 0
	for i, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
		if n > limit {
			return s[:i]
		}
	}
	return s
}
