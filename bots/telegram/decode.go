package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

// arrival is an update in our terms.
type arrival struct {
	// kind is the update's name in metrics.
	kind string
	// event is set if the engine has to take it.
	event *dialog.Event
	// query is the press that has to be answered.
	query string
}

// conversation returns the conversation that the arrival belongs to, "" for
// none.
func (a *arrival) conversation() chat.Conversation {
	if a.event != nil {
		return a.event.Conversation
	}
	return ""
}

// lenient: whatever else is in an update, a customer waits for its answer.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

var errNoID = errors.New("it has no update_id")

// decode reads one update. All strings of the result are its own. The error
// says nothing of what the update held.
func (b *Bot) decode(raw []byte) (arrival, error) {
	var u update
	if err := json.Unmarshal(raw, &u, lenient); err != nil {
		return arrival{}, plainJSONError(err)
	}
	if u.ID <= 0 {
		return arrival{}, errNoID
	}
	now := b.cfg.Now()
	switch {
	case u.Message != nil:
		return b.message(u.ID, u.Message, false, now), nil
	case u.Edited != nil:
		return b.message(u.ID, u.Edited, true, now), nil
	case u.Press != nil:
		return b.press(u.ID, u.Press, now), nil
	}
	return arrival{kind: "other"}, nil
}

// plainJSONError keeps the place of a mistake and drops the value, which may
// be personal.
func plainJSONError(err error) error {
	var syntax *jsontext.SyntacticError
	var kind *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return errors.New("it is no JSON at byte " + strconv.FormatInt(syntax.ByteOffset, 10))
	case errors.As(err, &kind) && kind.GoType != nil:
		return errors.New("at byte " + strconv.FormatInt(kind.ByteOffset, 10) + " it is no " + kind.GoType.String())
	}
	return errors.New("it is not readable as an update")
}

// Limits of what we take over, above anything that Telegram sends: a hostile
// update must not fill the log.
const (
	maxTaken = 16 << 10 // bytes of a text
	maxName  = 255      // bytes of names, types and IDs
	maxFiles = 512      // bytes of a file_id
)

func (b *Bot) message(id int64, m *message, edited bool, now time.Time) arrival {
	if !m.Chat.private() || m.From == nil || m.From.IsBot || m.service() {
		return arrival{kind: "other"}
	}
	ev := b.event(id, strconv.FormatInt(m.Date, 36), m.Chat.ID, now)
	ev.At = eventTime(m.Date, now)
	ev.Language = clip(m.From.Language, maxName)
	ev.Foreign = strconv.FormatInt(m.ID, 10)
	ev.Text = clip(m.Text, maxTaken)
	switch {
	case edited:
		ev.Kind, ev.At = dialog.Edited, eventTime(m.EditDate, now)
		if m.Text == "" {
			ev.Text = clip(m.Caption, maxTaken)
		}
	case bool(m.Animation):
		ev.Kind = dialog.Unsupported
	case len(m.Photo) > 0, m.Document != nil:
		ev.Kind, ev.Text, ev.Album = dialog.Upload, clip(m.Caption, maxTaken), clip(m.Album, maxName)
		ev.Files = []chat.File{m.file()}
	case m.Contact != nil:
		ev.Kind = dialog.Contact
		own := m.Contact.UserID != 0 && m.Contact.UserID == m.From.ID && !m.forwarded()
		ev.Phone = &dialog.SharedContact{Phone: phone(m.Contact.Phone, own), Own: own}
	case m.Location != nil:
		ev.Kind = dialog.Location
		ev.Place = &dialog.Place{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude}
	case m.Text != "":
		ev.Kind = dialog.Text
		if ticket, ok := deepLink(m.Text); ok { // the real one goes no further
			ev.Kind, ev.Text, ev.Ticket = dialog.Arrive, "", ticket
		}
	default:
		ev.Kind = dialog.Unsupported
	}
	return arrival{kind: ev.Kind.String(), event: ev}
}

// deepLink reads what a link to the bot carries, t.me/<bot>?start=<ticket>, if that
// is a ticket (core.telegram.org/bots/features#deep-linking).
func deepLink(text string) (customer.Ticket, bool) {
	payload, ok := strings.CutPrefix(text, "/start ")
	if !ok {
		return "", false
	}
	return customer.ReadTicket(strings.TrimSpace(payload))
}

func (b *Bot) press(id int64, p *press, now time.Time) arrival {
	a := arrival{kind: dialog.Press.String(), query: clip(p.ID, maxName)}
	if p.Message == nil || !p.Message.Chat.private() || p.Data == "" {
		return a
	}
	ev := b.event(id, a.query, p.Message.Chat.ID, now)
	ev.Kind, ev.At = dialog.Press, now // a press carries no time of its own
	ev.Text, ev.Label = clip(p.Data, maxName), clip(p.label(), maxName)
	ev.Language = clip(p.From.Language, maxName)
	ev.Foreign = strconv.FormatInt(p.Message.ID, 10)
	a.event = ev
	return a
}

// event begins an event. Its ID holds, beside the update_id, what else is the
// same at every delivery of the update (a message's date, a press's own ID):
// update_ids begin anew after a quiet week, and with every start of most
// emulators (core.telegram.org/bots/api#update).
func (b *Bot) event(id int64, own string, chatID int64, now time.Time) *dialog.Event {
	return &dialog.Event{ID: b.eventID(id) + ":" + own, Conversation: conversation(chatID), Now: now}
}

// eventID names an update for ever. An update_id is unique for a bot alone.
func (b *Bot) eventID(id int64) string { return Name + ":" + b.id + ":" + strconv.FormatInt(id, 10) }

// casualtyID names an update that cannot be decoded: by its update_id if that
// much can be read, else by its bytes, so that a redelivery is kept once.
func (b *Bot) casualtyID(raw []byte) string {
	if id := updateID(raw); id > 0 {
		return b.eventID(id)
	}
	sum := sha256.Sum256(raw)
	return Name + ":" + b.id + ":x" + hex.EncodeToString(sum[:8])
}

// A time further from now than this is not believed (design §2: a message that
// Telegram has kept for longer than a day is not delivered any more).
const (
	oldest = 24 * time.Hour
	newest = 5 * time.Minute
)

// eventTime is the moment that counts: the server's, in whole seconds, unless
// it cannot be true.
func eventTime(unix int64, now time.Time) time.Time {
	at := time.Unix(unix, 0).UTC()
	if now.Sub(at) > oldest || at.Sub(now) > newest {
		return now
	}
	return at
}

// file returns the document, or the photo in its largest size.
func (m *message) file() chat.File {
	if d := m.Document; d != nil {
		return chat.File{ID: clip(d.ID, maxFiles), Name: fileName(d.Name), Type: oneLine(d.Type), Size: max(d.Size, 0)}
	}
	best := m.Photo[0]
	for _, p := range m.Photo[1:] {
		if float64(p.Width)*float64(p.Height) > float64(best.Width)*float64(best.Height) {
			best = p
		}
	}
	return chat.File{ID: clip(best.ID, maxFiles), Type: "image/jpeg", Size: max(best.Size, 0), Image: true}
}

// fileName makes a name that is one line and no path.
func fileName(s string) string {
	return oneLine(s[strings.LastIndexAny(s, `/\`)+1:])
}

// oneLine drops what does not show.
func oneLine(s string) string {
	return clip(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s), maxName)
}

// phone returns the number in E.164 if it can be read as one. Telegram vouches
// for the customer's own, which is international, with or without a plus.
func phone(s string, own bool) string {
	s = clip(strings.TrimSpace(s), maxName)
	if own && !strings.HasPrefix(s, "+") {
		s = "+" + s
	}
	if p, err := privacy.ParsePhone(s); err == nil {
		return p.Reveal()
	}
	return s
}

// clip cuts s to at most limit bytes, between letters.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(s[:limit])
}
