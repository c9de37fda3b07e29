package telegramtest

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
)

// Limits of texts, in UTF-16 units after the entities have been parsed
// (core.telegram.org/bots/api#sendmessage, #sendphoto, #answercallbackquery).
const (
	maxText    = 4096
	maxCaption = 1024
	maxToast   = 200
)

func sendMessage(s *Server, a *args, out []byte) ([]byte, *refusal) {
	c, r := s.chatArg(a)
	if r != nil {
		return nil, r
	}
	text, entities, r := formatted(a, "text", "entities")
	if r != nil {
		return nil, r
	}
	if r := checkText(a, text); r != nil {
		return nil, r
	}
	return c.send(a, "sendMessage", &Message{Text: text, Entities: entities}, out)
}

func checkText(a *args, text string) *refusal {
	switch {
	case a.get("text") == "":
		return badRequest("message text is empty")
	case text == "":
		return badRequest("text must be non-empty")
	case utf16Len(text) > maxText:
		return badRequest("message is too long")
	}
	return nil
}

// formatted reads a text with its formatting, whichever way it was given, and
// trims it as the server does.
func formatted(a *args, name, list string) (string, []Entity, *refusal) {
	text, entities := a.get(name), []Entity(nil)
	var r *refusal
	switch mode := strings.ToLower(a.get("parse_mode")); {
	case mode == "html":
		text, entities, r = parseHTML(text)
	case mode != "" && mode != "none":
		// The emulator knows one markup; a bot that uses another one would
		// pass untested.
		r = badRequest("unsupported parse_mode")
	case a.object(list) != "":
		entities, r = parseEntities(a.object(list), text)
	}
	if r != nil {
		return "", nil, r
	}
	text, entities = trim(strings.ToValidUTF8(text, "\ufffd"), entities)
	if len(entities) > maxEntities {
		entities = entities[:maxEntities]
	}
	return text, entities, nil
}

// trim cuts white space at both ends and moves the entities along.
func trim(text string, entities []Entity) (string, []Entity) {
	rest := strings.TrimLeftFunc(text, unicode.IsSpace)
	cut := utf16Len(text) - utf16Len(rest)
	rest = strings.TrimRightFunc(rest, unicode.IsSpace)
	if len(rest) == len(text) {
		return text, entities
	}
	length := utf16Len(rest)
	kept := entities[:0]
	for _, e := range entities {
		end := min(e.Offset+e.Length-cut, length)
		e.Offset = max(e.Offset-cut, 0)
		if e.Length = end - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return rest, kept
}

// send puts a message of the bot into the chat.
func (c *chat) send(a *args, method string, m *Message, out []byte) ([]byte, *refusal) {
	keys, r := parseMarkup(a.object("reply_markup"))
	if r != nil {
		return nil, r
	}
	m.FromBot, m.Inline, m.Keyboard, m.markup = true, keys.inline, keys.keyboard, keys.raw
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.writable(); r != nil {
		return nil, r
	}
	if m.ReplyTo, r = c.replyTo(a); r != nil {
		return nil, r
	}
	m.record(method)
	c.add(m)
	return m.append(out, c), nil
}

// replyTo reads which message is replied to, the new way or the old. Under
// the lock.
func (c *chat) replyTo(a *args) (int, *refusal) {
	id, lenient := int(a.number("reply_to_message_id")), a.flag("allow_sending_without_reply")
	if text := a.object("reply_parameters"); text != "" {
		var p struct {
			ID      int  `json:"message_id"`
			Lenient bool `json:"allow_sending_without_reply"`
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return 0, badRequest("can't parse reply parameters JSON object")
		}
		id, lenient = p.ID, p.Lenient
	}
	if id == 0 || c.find(id) != nil {
		return id, nil
	}
	if lenient {
		return 0, nil
	}
	return 0, badRequest("message to be replied not found")
}

// record notes a call that was carried out on the message.
func (m *Message) record(method string) {
	m.History = append(m.History, Change{Method: method, Text: m.Text, Labels: m.Labels(), At: time.Now()})
}

// chatActions are the actions that sendChatAction knows
// (core.telegram.org/bots/api#sendchataction).
const chatActions = " typing upload_photo record_video upload_video record_voice upload_voice upload_document " +
	"choose_sticker find_location record_video_note upload_video_note "

// actionSeconds is how long a chat action shows at most.
const actionSeconds = 5

func sendChatAction(s *Server, a *args, out []byte) ([]byte, *refusal) {
	c, r := s.chatArg(a)
	if r != nil {
		return nil, r
	}
	action := a.get("action")
	if action == "" || !strings.Contains(chatActions, " "+action+" ") {
		return nil, badRequest("wrong parameter action in request")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.writable(); r != nil {
		return nil, r
	}
	c.action, c.actionTo = action, time.Now().Add(s.seconds(actionSeconds))
	c.version++
	c.wake()
	return append(out, "true"...), nil
}
