package telegramtest

import (
	"strconv"
	"time"
)

// Message is one message as the customer sees it now, and how it came to be
// so. It is a snapshot: what happens later does not change it.
type Message struct {
	// ID is Telegram's message_id. It is counted per chat, all that the Bot
	// API promises; the real server happens to count wider.
	ID      int
	FromBot bool
	// Date and EditDate are event times in whole seconds.
	Date, EditDate time.Time
	// Text is the text, or the caption when there is a File.
	Text     string
	Entities []Entity
	File     *File
	Contact  *Contact
	Location *Location
	// Album is the media_group_id that the items of an album share.
	Album string
	// Forwarded says that the customer passed on somebody else's message.
	Forwarded bool
	// Inline are the rows of buttons under the message.
	Inline [][]Button
	// Keyboard is what the message did to the customer's reply keyboard.
	Keyboard *Keyboard
	ReplyTo  int
	// Deleted messages stay in the record but nobody sees them.
	Deleted bool
	// Delivered says that the bot confirmed the update of a customer's
	// message or of its last edit.
	Delivered bool
	// Update is the update_id of a customer's message or of its last edit.
	Update int64
	// History has every call that was carried out on a message of the bot,
	// oldest first; the first entry is the send.
	History []Change

	markup []byte // Inline as it was sent, for answers and comparison
}

// Change is one send or edit of a message of the bot.
type Change struct {
	Method string
	Text   string
	Labels []string
	// At is real time, to measure by.
	At time.Time
}

// Button is a button under a message.
type Button struct {
	Text, Data, URL string
}

// Keyboard is a reply keyboard, the removal of one, or a forced reply.
type Keyboard struct {
	Rows                [][]Key
	Remove, Force       bool
	OneTime, Persistent bool
	Resize              bool
	Placeholder         string
}

// Key is a button of a reply keyboard.
type Key struct {
	Text     string
	Contact  bool // asks for the customer's own phone number
	Location bool
}

// Contact is a card with a phone number. UserID is 0 for a card that is not
// of a Telegram user.
type Contact struct {
	Phone, First, Last string
	UserID             int64
}

// Location is a point on the map.
type Location struct{ Lat, Lon float64 }

// Labels returns the texts of all buttons under the message in order.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Inline {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// Button returns the button with this label.
func (m Message) Button(label string) (Button, bool) {
	for _, row := range m.Inline {
		for _, b := range row {
			if b.Text == label {
				return b, true
			}
		}
	}
	return Button{}, false
}

// append writes the message as the Bot API shows it to the bot.
func (m *Message) append(b []byte, c *chat) []byte {
	b = append(b, `{"message_id":`...)
	b = strconv.AppendInt(b, int64(m.ID), 10)
	if m.FromBot {
		b = raw(b, "from", c.server.me)
	} else {
		b = raw(b, "from", c.user)
	}
	b = raw(b, "chat", c.peer)
	b = number(b, "date", m.Date.Unix())
	if !m.EditDate.IsZero() {
		b = number(b, "edit_date", m.EditDate.Unix())
	}
	if m.Forwarded {
		b = append(b, `,"forward_origin":{"type":"hidden_user","sender_user_name":"Somebody","date":`...)
		b = strconv.AppendInt(b, m.Date.Unix(), 10)
		b = append(b, `},"forward_sender_name":"Somebody"`...)
		b = number(b, "forward_date", m.Date.Unix())
	}
	if m.ReplyTo != 0 {
		b = append(b, `,"reply_to_message":{"message_id":`...)
		b = strconv.AppendInt(b, int64(m.ReplyTo), 10)
		b = append(raw(number(b, "date", m.Date.Unix()), "chat", c.peer), '}')
	}
	b = field(b, "media_group_id", m.Album)
	b = m.appendContent(b)
	b = raw(b, "reply_markup", m.markup)
	return append(b, '}')
}

func (m *Message) appendContent(b []byte) []byte {
	if m.File != nil {
		b = m.File.append(b)
		b = field(b, "caption", m.Text)
		return appendEntities(b, "caption_entities", m.Entities)
	}
	if c := m.Contact; c != nil {
		b = append(b, `,"contact":{"phone_number":`...)
		b = appendString(b, c.Phone)
		b = appendString(key(b, "first_name"), c.First)
		b = field(b, "last_name", c.Last)
		if c.UserID != 0 {
			b = number(b, "user_id", c.UserID)
		}
		b = append(b, '}')
	}
	if l := m.Location; l != nil {
		b = append(b, `,"location":{"latitude":`...)
		b = strconv.AppendFloat(b, l.Lat, 'f', 6, 64)
		b = append(b, `,"longitude":`...)
		b = append(strconv.AppendFloat(b, l.Lon, 'f', 6, 64), '}')
	}
	b = field(b, "text", m.Text)
	return appendEntities(b, "entities", m.Entities)
}
