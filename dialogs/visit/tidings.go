package visit

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// Tidings is what a conversation is told of a visit without having asked, with
// what it can answer. The caller gives the event its ID and its times.
func Tidings(n visit.News) dialog.Event {
	lang := words.ParseLang(n.Booking.Lang)
	told := facts(lang, n.Booking, n.Office, n.Service, n.Zone)
	told["was"] = times.Moment(lang, n.Was.In(n.Zone))
	told["until"] = n.Booking.Until.In(n.Zone).Format(clock)
	id := strconv.FormatInt(n.Booking.ID, 10)
	offers := []string{"visit.come:" + id, "visit.move:" + id, "visit.cancel:" + id}
	switch n.Kind {
	case visit.CalledOff:
		offers = nil
	case visit.Offered:
		offers = []string{"visit.take:" + offer(n.Booking)}
	}
	return dialog.Event{
		Conversation: n.Booking.Conversation, Kind: dialog.Tell, Text: "visit.tidings." + string(n.Kind),
		Facts: told, Holds: privacy.ClassesOf(privacy.Booking), Offers: offers,
	}
}

// Told is what Tidings says, as a text.
func Told(n visit.News) string {
	ev := Tidings(n)
	lang := words.ParseLang(n.Booking.Lang)
	args := make([]words.Arg, 0, len(ev.Facts))
	for name, value := range ev.Facts {
		args = append(args, words.A(name, value))
	}
	return (&chat.Message{Blocks: catalogue.Say(lang, strings.TrimPrefix(ev.Text, "visit."), args...)}).Plain()
}

// facts are what is told of a visit, by the names of their placeholders.
func facts(lang words.Lang, b visit.Booking, o *visit.Office, service visit.Service, zone *time.Location) map[string]string {
	in := func(texts map[string]string) string { return cmp.Or(texts[string(lang)], texts[string(words.RU)]) }
	return map[string]string{
		"at": times.Moment(lang, b.Start.In(zone)), "service": in(service.Names),
		"office": in(o.Names), "address": addressOf(lang, o), "code": b.Code,
	}
}

// offer names a time that is offered, for a button; parseOffer reads it.
func offer(b visit.Booking) string {
	return b.Office + "." + b.Service + "." + slotID(b.Start)
}

func parseOffer(s string) (visit.Choice, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return visit.Choice{}, false
	}
	at, ok := parseSlot(parts[2])
	return visit.Choice{Office: parts[0], Service: parts[1], Start: at}, ok
}
