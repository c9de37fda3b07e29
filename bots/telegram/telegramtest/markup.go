package telegramtest

import (
	"encoding/json"
	"unicode/utf8"
)

// Limits of keyboards (core.telegram.org/bots/api#inlinekeyboardbutton; the
// numbers of buttons are the server's, see references of tdlib/td).
const (
	maxCallbackData = 64 // bytes
	maxButtons      = 100
	maxRow          = 8
	maxPlaceholder  = 64
)

// markup is a reply_markup: buttons under the message or a keyboard.
type markup struct {
	inline   [][]Button
	keyboard *Keyboard
	raw      []byte // the inline keyboard, written anew
}

type rawMarkup struct {
	Inline      [][]rawButton `json:"inline_keyboard"`
	Keyboard    [][]rawKey    `json:"keyboard"`
	Remove      bool          `json:"remove_keyboard"`
	Force       bool          `json:"force_reply"`
	OneTime     bool          `json:"one_time_keyboard"`
	Resize      bool          `json:"resize_keyboard"`
	Persistent  bool          `json:"is_persistent"`
	Placeholder string        `json:"input_field_placeholder"`
}

type rawButton struct {
	Text string  `json:"text"`
	Data *string `json:"callback_data"`
	URL  string  `json:"url"`
}

// rawKey may also be written as a bare string.
type rawKey struct {
	Text     string `json:"text"`
	Contact  bool   `json:"request_contact"`
	Location bool   `json:"request_location"`
}

func (k *rawKey) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &k.Text)
	}
	type plain rawKey
	return json.Unmarshal(b, (*plain)(k))
}

// parseMarkup reads and checks a reply_markup; nothing gives an empty one.
func parseMarkup(text string) (markup, *refusal) {
	if text == "" {
		return markup{}, nil
	}
	var in rawMarkup
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return markup{}, badRequest("can't parse reply keyboard markup JSON object")
	}
	switch {
	case in.Inline != nil:
		return parseInline(in.Inline)
	case in.Keyboard != nil:
		return parseKeyboard(in)
	case in.Remove:
		return markup{keyboard: &Keyboard{Remove: true}}, nil
	case in.Force:
		if utf8.RuneCountInString(in.Placeholder) > maxPlaceholder {
			return markup{}, badRequest("PLACEHOLDER_INVALID")
		}
		return markup{keyboard: &Keyboard{Force: true, Placeholder: in.Placeholder}}, nil
	default:
		return markup{}, badRequest("object expected as reply markup")
	}
}

func parseInline(rows [][]rawButton) (markup, *refusal) {
	var m markup
	total := 0
	for _, row := range rows {
		if len(row) == 0 {
			continue // the real server drops empty rows
		}
		if total += len(row); total > maxButtons || len(row) > maxRow {
			return markup{}, badRequest("REPLY_MARKUP_TOO_LONG")
		}
		buttons := make([]Button, 0, len(row))
		for _, in := range row {
			b, r := in.check()
			if r != nil {
				return markup{}, r
			}
			buttons = append(buttons, b)
		}
		m.inline = append(m.inline, buttons)
	}
	m.raw = appendInline(nil, m.inline)
	return m, nil
}

func (in rawButton) check() (Button, *refusal) {
	switch {
	case in.Text == "":
		return Button{}, badRequest("can't parse inline keyboard button: Field \"text\" must be of type String")
	case in.Data == nil && in.URL == "":
		return Button{}, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case in.Data != nil && (len(*in.Data) == 0 || len(*in.Data) > maxCallbackData):
		return Button{}, badRequest("BUTTON_DATA_INVALID")
	case in.Data == nil:
		if !validLink(in.URL) {
			return Button{}, badRequest("inline keyboard button URL '" + in.URL + "' is invalid: Wrong HTTP URL")
		}
		return Button{Text: in.Text, URL: in.URL}, nil
	default:
		return Button{Text: in.Text, Data: *in.Data}, nil
	}
}

func appendInline(b []byte, rows [][]Button) []byte {
	if len(rows) == 0 {
		return b
	}
	b = append(b, `{"inline_keyboard":[`...)
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, button := range row {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(append(b, `{"text":`...), button.Text)
			b = field(b, "callback_data", button.Data)
			b = append(field(b, "url", button.URL), '}')
		}
		b = append(b, ']')
	}
	return append(b, `]}`...)
}

func parseKeyboard(in rawMarkup) (markup, *refusal) {
	if utf8.RuneCountInString(in.Placeholder) > maxPlaceholder {
		return markup{}, badRequest("PLACEHOLDER_INVALID")
	}
	k := &Keyboard{OneTime: in.OneTime, Persistent: in.Persistent, Resize: in.Resize, Placeholder: in.Placeholder}
	total := 0
	for _, row := range in.Keyboard {
		if len(row) == 0 {
			continue
		}
		if total += len(row); total > 300 || len(row) > 12 {
			return markup{}, badRequest("REPLY_MARKUP_TOO_LONG")
		}
		keys := make([]Key, 0, len(row))
		for _, key := range row {
			if key.Text == "" {
				return markup{}, badRequest("can't parse keyboard button: Field \"text\" must be of type String")
			}
			keys = append(keys, Key(key))
		}
		k.Rows = append(k.Rows, keys)
	}
	if len(k.Rows) == 0 {
		return markup{}, badRequest("object expected as reply markup")
	}
	return markup{keyboard: k}, nil
}
