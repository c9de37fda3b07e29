package telegramtest

import (
	"cmp"
	"fmt"
	"strings"
)

// String returns the chat as a readable transcript: > the customer, < the
// bot, buttons in brackets, what is not text in parentheses.
func (c *Customer) String() string {
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	var b strings.Builder
	toasts := c.chat.answers
	flush := func(before int) {
		for len(toasts) > 0 && toasts[0].after < before {
			fmt.Fprintf(&b, "< (toast) %s\n", toasts[0].text)
			toasts = toasts[1:]
		}
	}
	for _, m := range c.chat.messages {
		flush(m.ID)
		if !m.Deleted {
			m.transcribe(&b)
		}
	}
	flush(c.chat.lastID + 1)
	return b.String()
}

func (m *Message) transcribe(b *strings.Builder) {
	mark := "> "
	if m.FromBot {
		mark = "< "
	}
	var parts []string
	if m.Forwarded {
		parts = append(parts, "(forwarded)")
	}
	switch {
	case m.File != nil:
		parts = append(parts, "("+strings.TrimSpace(m.File.Kind+" "+m.File.Name)+")")
	case m.Contact != nil:
		parts = append(parts, "(contact "+cmp.Or(strings.TrimSpace(m.Contact.First+" "+m.Contact.Last), "?")+")")
	case m.Location != nil:
		parts = append(parts, "(location)")
	}
	if m.Text != "" {
		parts = append(parts, strings.ReplaceAll(m.Text, "\n", "\n  "))
	}
	if !m.EditDate.IsZero() {
		parts = append(parts, "(edited)")
	}
	b.WriteString(mark + strings.Join(parts, " ") + "\n")
	for _, row := range m.Inline {
		b.WriteString("  ")
		for _, button := range row {
			b.WriteString(" [" + button.Text + "]")
		}
		b.WriteByte('\n')
	}
	if k := m.Keyboard; k != nil {
		for _, row := range k.Rows {
			b.WriteString("  ")
			for _, key := range row {
				b.WriteString(" {" + key.Text + "}")
			}
			b.WriteByte('\n')
		}
	}
}
