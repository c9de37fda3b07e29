package web_test

import (
	"fmt"
	"time"
)

// add writes entries to the log under one new revision, and tells everybody
// who listens.
func (s *server) add(c *conversation, entries ...object) (first string) {
	c.revision++
	for i, e := range entries {
		e["t"] = "entry"
		e["position"] = fmt.Sprintf("%d-%d", c.revision, i)
		if e["at"] == nil {
			e["at"] = time.Now().UTC().Format(time.RFC3339)
		}
		c.log = append(c.log, e)
	}
	close(c.changed)
	c.changed = make(chan struct{})
	for k := range s.conns {
		if k.c != c || !k.live {
			continue
		}
		k.say(entries...)
		if s.twice {
			k.say(entries...)
		}
	}
	return entries[0]["position"].(string)
}

func out(message object) object { return object{"kind": "out", "by": "bot", "message": message} }

// text is a message of paragraphs.
func text(paragraphs ...string) object {
	blocks := []object{}
	for _, p := range paragraphs {
		blocks = append(blocks, object{"s": []object{{"t": p}}})
	}
	return object{"b": blocks}
}

func with(message object, key string, value any) object {
	message[key] = value
	return message
}

// act answers like a small bot: enough to see every part of the widget.
func (s *server) act(c *conversation, f frame) string {
	in := object{"kind": "in", "id": f.ID, "did": "text", "text": f.Text}
	var reply object
	switch f.T {
	case "language":
		c.speaks = append(c.speaks, f.Language)
		return "" // nothing is said about it
	case "press":
		in["did"], in["text"] = "press", s.label(c, f)
		reply = s.pressed(c, f.Token)
	case "files":
		list := []object{}
		for _, id := range f.Files {
			file, ok := s.files[id]
			if !ok {
				s.fault("file %q was never uploaded", id)
			}
			list = append(list, object{"i": id, "n": file.Name, "t": file.Type, "z": len(file.Data)})
		}
		in["did"], in["files"] = "upload", list
		s.files["letter"] = upload{"Квитанция.pdf", "application/pdf", []byte("%PDF-1.4")}
		reply = with(text("Фото получено, спасибо. Вот квитанция."), "f",
			[]object{{"i": "letter", "n": "Квитанция за ноябрь 2026.pdf", "t": "application/pdf", "z": 184320}})
	case "place":
		in["did"], in["text"] = "location", ""
		reply = text(fmt.Sprintf("Место получено: %.2f, %.2f", *f.Latitude, *f.Longitude))
	case "phone":
		in["did"], in["text"] = "contact", f.Phone
		reply = text("Записали номер " + f.Phone)
	case "say":
		if f.Text == "" || len([]rune(f.Text)) > 4000 {
			s.fault("a text of %d characters", len([]rune(f.Text)))
		}
		reply = s.said(f.Text)
	default:
		s.fault("a frame of kind %q", f.T)
		return ""
	}
	return s.add(c, in, out(reply))
}

// label is what stood on the pressed choice.
func (s *server) label(c *conversation, f frame) string {
	for _, e := range c.log {
		if e["position"] != f.On {
			continue
		}
		for _, choice := range e["message"].(object)["c"].([]object) {
			if choice["t"] == f.Token {
				return choice["l"].(string)
			}
		}
	}
	s.fault("%q was not offered at %q", f.Token, f.On)
	return "?"
}

func (s *server) said(words string) object {
	switch words {
	case "Меню", "Menu":
		return with(text("Здравствуйте! Я помогу с электричеством дома.", "Выберите действие или напишите своими словами."), "c", []object{
			{"t": "c:readings", "l": "Передать показания"},
			{"t": "c:bill", "l": "Счёт и оплата"},
			{"t": "c:faq", "l": "Частые вопросы"},
			{"t": "c:visit", "l": "Записаться в офис"},
			{"t": "c:cases", "l": "Обращения и заявки", "w": true},
		})
	case "4521":
		return with(object{"b": []object{
			{"s": []object{{"t": "Проверьте, пожалуйста:"}}},
			{"k": 1, "s": []object{{"t": "Счёт "}, {"t": "77 0012 3456", "b": true}}},
			{"k": 1, "s": []object{{"t": "День: "}, {"t": "4521", "b": true}, {"t": " кВт⋅ч, было 4380"}}},
		}}, "c", []object{{"t": "a:1:send", "l": "Отправить"}, {"t": "a:1:change", "l": "Изменить"}, {"t": "c:menu", "l": "Меню"}})
	case "Дата":
		return with(text("На какой день вас записать?"), "e", "date")
	case "Телефон":
		return with(text("Оставьте номер, мы перезвоним."), "e", "contact")
	case "Место":
		return with(text("Где нет света?"), "e", "location")
	case "Фото":
		return with(text("Пришлите фотографию счётчика."), "e", "file")
	default:
		return text("Вы написали: " + words)
	}
}

func (s *server) pressed(c *conversation, token string) object {
	switch token {
	case "c:readings":
		return with(text("Введите показание счётчика: цифры до запятой."), "e", "number")
	case "a:1:send":
		return with(object{"b": []object{
			{"s": []object{
				{"t": "Показания приняты. Квитанция "},
				{"t": "ПП-26-000-001-3", "b": true},
				{"t": ", 24 ноября 2026, 10:00. "},
				{"t": "Как мы считаем", "l": "https://example.org/how"},
			}},
			{"s": []object{{"t": "<img src=x onerror=alert(1)> не станет картинкой."}, {"t": "и это не ссылка", "l": "javascript:alert(1)"}}},
		}}, "c", []object{{"t": "c:menu", "l": "Меню"}, {"u": "https://example.org/pay", "l": "Оплатить"}})
	default:
		return s.said("Меню")
	}
}
