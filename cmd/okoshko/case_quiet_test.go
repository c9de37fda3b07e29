package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// What staff do at night rings nobody before the morning, neither in the chat nor
// by a text message; a letter goes at once, and so does what answers the customer
// himself.
func TestCasesKeepQuietAtNight(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	o.itIs(t, "2027-03-02 22:00") // a Tuesday
	maria := o.phone(t, 5004, "Мария")
	maria.tells("меню", "Выберите")
	const hers chat.Conversation = "tg:5004"
	chatted := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	called := o.fileFrom(hers, "В-0", appeal.Question, "phone", "chat")
	written := o.fileFrom(hers, "В-0", appeal.Question, "email", "email")
	for _, n := range []appeal.Number{chatted, called, written} {
		o.does("olga", n, life.Do{Event: life.Take})
		o.does("olga", n, life.Do{Event: life.Ask, Note: privacy.NewText("Какой номер квартиры?")})
	}
	answered := o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat")
	o.answers("olga", answered, "Счёт вырос из-за перерасчёта.")
	lidia := o.hire(t, "quiet-1", "Лидия", nil, staff.Supervisor)
	// waits is how the page of the case says that the answer goes, and until when it waits.
	waits := func() (state, until string) {
		one, err := lidia.must(http.MethodGet, caseAt(answered), nil)
		if err != nil {
			t.Fatal(err)
		}
		sent := one["replies"].([]any)[0].(map[string]any)["sent"].([]any)[0].(map[string]any)
		until, _ = sent["until"].(string)
		return sent["state"].(string), until
	}
	morning := time.Date(2027, 3, 3, 9, 0, 0, 0, pgtest.Zone)
	if state, until := waits(); state != string(registry.Queued) || until != morning.Format(time.RFC3339) {
		t.Errorf("at night the answer is %s until %q", state, until)
	}
	o.letter("demo01@post.example", written.String())
	maria.tells(chatted.String(), "Какой номер квартиры?") // who looks for himself sees it at once
	rang := func() (chats, texts int) {
		for _, m := range maria.Messages() {
			if m.FromBot && strings.Contains(m.Text, "Какой номер квартиры?") {
				chats++
			}
		}
		for _, m := range o.boxes.phones.Messages() {
			if strings.Contains(m.Text, called.String()+" нужно уточнение") {
				texts++
			}
		}
		return chats, texts
	}
	before, texts := rang()
	if texts != 0 {
		t.Errorf("%d text messages at night", texts)
	}
	o.passes(t, "2027-03-03 08:59")
	time.Sleep(300 * time.Millisecond) // for what would be wrong to happen
	if now, texts := rang(); now != before || texts != 0 {
		t.Errorf("a minute before the morning: %d in the chat, %d text messages", now-before, texts)
	}
	o.passes(t, "2027-03-03 09:00")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		now, texts := rang()
		return now == before+1 && texts == 1, nil
	}); err != nil {
		now, texts := rang()
		t.Errorf("in the morning: %d in the chat, %d text messages\n%s\n%v", now-before, texts, maria, o.boxes.phones.Messages())
	}
	if state, until := waits(); until != "" {
		t.Errorf("in the morning the answer is %s until %q", state, until)
	}
}
