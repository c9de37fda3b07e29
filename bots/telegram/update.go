package telegram

import "github.com/go-json-experiment/json"

// allowedUpdates are the kinds that we ask for. Named always: a list that is
// left out keeps whatever was set before.
const allowedUpdates = `["message","edited_message","callback_query"]`

// update is what we read of an update (core.telegram.org/bots/api#update).
// Own structs, because the SDK's type knows 14 of its kinds and costs twice
// the time; whatever is absent here is skipped.
type update struct {
	ID      int64    `json:"update_id"`
	Message *message `json:"message"`
	Edited  *message `json:"edited_message"`
	Press   *press   `json:"callback_query"`
}

type message struct {
	ID       int64      `json:"message_id"`
	From     *user      `json:"from"`
	Chat     room       `json:"chat"`
	Date     int64      `json:"date"`
	EditDate int64      `json:"edit_date"`
	Album    string     `json:"media_group_id"`
	Text     string     `json:"text"`
	Caption  string     `json:"caption"`
	Photo    []photo    `json:"photo"`
	Document *document  `json:"document"`
	Contact  *contact   `json:"contact"`
	Location *placement `json:"location"`

	// A forwarded message carries the first since Bot API 7.0, the others
	// before it.
	ForwardOrigin present `json:"forward_origin"`
	ForwardDate   present `json:"forward_date"`
	ForwardName   present `json:"forward_sender_name"`

	// A GIF comes as a document and an animation at once.
	Animation present `json:"animation"`

	// Messages of the service itself, which nobody has written.
	Pinned      present `json:"pinned_message"`
	Timer       present `json:"message_auto_delete_timer_changed"`
	WriteAccess present `json:"write_access_allowed"`
	UsersShared present `json:"users_shared"`
	ChatShared  present `json:"chat_shared"`
	Proximity   present `json:"proximity_alert_triggered"`
	Background  present `json:"chat_background_set"`
}

// forwarded reports whether the sender passed on somebody else's message.
func (m *message) forwarded() bool { return bool(m.ForwardOrigin || m.ForwardDate || m.ForwardName) }

// service reports whether nobody has written the message.
func (m *message) service() bool {
	return bool(m.Pinned || m.Timer || m.WriteAccess || m.UsersShared || m.ChatShared || m.Proximity || m.Background)
}

// press is a pressed button. Its message may be inaccessible: an ID and a chat.
type press struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *pressed `json:"message"`
	Data    string   `json:"data"`
}

type pressed struct {
	ID     int64 `json:"message_id"`
	Chat   room  `json:"chat"`
	Markup struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// label is what the pressed button says, "" if the message does not tell.
func (p *press) label() string {
	for _, row := range p.Message.Markup.Rows {
		for _, button := range row {
			if button.Data == p.Data {
				return button.Text
			}
		}
	}
	return ""
}

type user struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

type room struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// private reports whether the chat is one person's with the bot.
func (r room) private() bool { return r.Type == "private" && r.ID > 0 }

type photo struct {
	ID     string `json:"file_id"`
	Width  int64  `json:"width"`
	Height int64  `json:"height"`
	Size   int64  `json:"file_size"`
}

type document struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

type contact struct {
	Phone  string `json:"phone_number"`
	UserID int64  `json:"user_id"`
}

type placement struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// present notes that a field is there, whatever it holds.
type present bool

// UnmarshalJSON implements json.Unmarshaler.
func (p *present) UnmarshalJSON(raw []byte) error {
	*p = string(raw) != "null"
	return nil
}

var _ json.Unmarshaler = (*present)(nil)
