package telegramtest

import (
	"slices"
	"time"
)

// deleteWithin is how long a bot may delete messages
// (core.telegram.org/bots/api#deletemessage).
const deleteWithin = 48 * time.Hour

func editMessageText(s *Server, a *args, out []byte) ([]byte, *refusal) {
	return s.edit(a, "editMessageText", out, func(m *Message) *refusal {
		if m.File != nil || m.Contact != nil || m.Location != nil {
			return badRequest("there is no text in the message to edit")
		}
		text, entities, r := formatted(a, "text", "entities")
		if r != nil {
			return r
		}
		m.Text, m.Entities = text, entities
		return checkText(a, text)
	})
}

func editMessageCaption(s *Server, a *args, out []byte) ([]byte, *refusal) {
	return s.edit(a, "editMessageCaption", out, func(m *Message) *refusal {
		if m.File == nil {
			return badRequest("there is no caption in the message to edit")
		}
		text, entities, r := formatted(a, "caption", "caption_entities")
		if r != nil {
			return r
		}
		m.Text, m.Entities = text, entities
		return checkCaption(text)
	})
}

func editMessageReplyMarkup(s *Server, a *args, out []byte) ([]byte, *refusal) {
	return s.edit(a, "editMessageReplyMarkup", out, func(*Message) *refusal { return nil })
}

// edit changes a message of the bot. Without reply_markup its buttons go. A
// message that carries a reply keyboard, or took one away, cannot be edited
// (tdlib/td#3196; for the removal this is the stricter guess).
func (s *Server) edit(a *args, method string, out []byte, change func(*Message) *refusal) ([]byte, *refusal) {
	if a.get("inline_message_id") != "" {
		return nil, badRequest("MESSAGE_ID_INVALID") // there is no inline mode here
	}
	c, r := s.chatArg(a)
	if r != nil {
		return nil, r
	}
	id := int(a.number("message_id"))
	if id <= 0 {
		return nil, badRequest("message identifier is not specified")
	}
	keys, r := parseMarkup(a.object("reply_markup"))
	if r != nil {
		return nil, r
	}
	if keys.keyboard != nil {
		return nil, badRequest("inline keyboard expected")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.writable(); r != nil {
		return nil, r
	}
	m := c.find(id)
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case !m.FromBot || m.Keyboard != nil:
		return nil, badRequest("message can't be edited")
	}
	edited := *m
	if r := change(&edited); r != nil {
		return nil, r
	}
	edited.Inline, edited.markup = keys.inline, keys.raw
	if edited.Text == m.Text && slices.Equal(edited.Entities, m.Entities) && string(edited.markup) == string(m.markup) {
		return nil, errNotModified
	}
	edited.EditDate = s.now()
	edited.record(method)
	*m = edited
	c.touch(m)
	return m.append(out, c), nil
}

func deleteMessage(s *Server, a *args, out []byte) ([]byte, *refusal) {
	c, r := s.chatArg(a)
	if r != nil {
		return nil, r
	}
	id := int(a.number("message_id"))
	if id <= 0 {
		return nil, badRequest("message identifier is not specified")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.find(id)
	switch {
	case m == nil:
		return nil, badRequest("message to delete not found")
	case s.now().Sub(m.Date) > deleteWithin:
		return nil, badRequest("message can't be deleted for everyone")
	}
	m.Deleted = true
	m.record("deleteMessage")
	c.touch(m)
	return append(out, "true"...), nil
}

func answerCallbackQuery(s *Server, a *args, out []byte) ([]byte, *refusal) {
	text := a.get("text")
	if utf16Len(text) > maxToast {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	p := s.queries.take(a.get("callback_query_id"), s.cfg.AnswerWithin)
	if p == nil {
		return nil, errQueryOld
	}
	p.finish(Answer{Text: text, Alert: a.flag("show_alert"), URL: a.get("url"), After: time.Since(p.at)})
	return append(out, "true"...), nil
}
