package main

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/mail/mailtest"
	"okoshko/adapters/paper/papertest"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

// A complaint is in the mailbox of its router at once, though the mail server first
// refuses it; nothing of the customer is in the letter (R-5.2.8-a; spec §3.6).
func TestRoutersGetLetters(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	o.boxes.mail.Refuse(451)
	n := o.file("Ж-9", appeal.Complaint, "chat", "chat")
	l := o.letter("zhaloby@sesk.example", n.String())
	for _, want := range []string{"Разглашение", "Ответить до", "/console/#cases/" + url.PathEscape(n.String())} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("%q is missing in\n%s", want, l.Text)
		}
	}
	o.saysNothing(l)
	// A question has no router: nobody is written to.
	question := o.file("В-0", appeal.Question, "chat", "chat")
	o.file("З-8", appeal.Application, "chat", "chat")
	o.letter("zayavki@sesk.example", "ЗВ-")
	for _, l := range o.boxes.mail.Letters() {
		if strings.Contains(l.Subject, question.String()) {
			t.Errorf("a letter about a question: %+v", l)
		}
	}
}

// A case that is routed is in the mailbox of its queue at once, with the direction's
// day and what the customer was promised, and nothing of the customer (R-5.2.7-d,
// R-5.2.8-d).
func TestQueuesGetLetters(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	o.does("olga", n, life.Do{Event: life.Route, Queue: "uchet-02"})
	l := o.letter("uchet-02@sesk.example", n.String()+": передано в вашу очередь")
	r, err := o.stores.db.FindCase(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Категория: ", "Территория: ", "/console/#cases/" + url.PathEscape(n.String()),
		"Подготовить ответ до " + date(words.RU, r.Clocks[term.Direction].Last), "Клиенту обещано до " + date(words.RU, r.Clocks[term.Answer].Last),
	} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("%q is missing in\n%s", want, l.Text)
		}
	}
	o.saysNothing(l)
}

// A breach of what somebody keeps is in the mailbox of his role too, at once; that a
// term runs out is, unless he is at work and has it before him.
func TestBreachIsMailed(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	olga := o.clerk("olga")
	if err := olga.come(); err != nil {
		t.Fatal(err)
	}
	kept := o.file("В-0", appeal.Question, "chat", "chat")
	o.does("olga", kept, life.Do{Event: life.Take})
	absent := o.file("З-8", appeal.Application, "chat", "chat")
	o.does("marina", absent, life.Do{Event: life.Take})
	tell := func(n appeal.Number, share time.Duration) {
		t.Helper()
		r, err := o.stores.db.FindCase(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		c := r.Clocks[term.Answer]
		if _, err := o.stores.db.TellAlerts(t.Context(), c.From.Add(c.At.Sub(c.From)/100*share), 100); err != nil {
			t.Fatal(err)
		}
	}
	tell(kept, 85)
	tell(kept, 101)
	o.saysNothing(o.letter("vp@sesk.example", kept.String()+": срок вышел"))
	o.letter("kontrol@sesk.example", kept.String()+": срок вышел")
	tell(absent, 55)
	o.letter("zayavki@sesk.example", absent.String()+": срок идёт")
	tell(absent, 85)
	o.letter("zayavki@sesk.example", absent.String()+": срок скоро выйдет")
	for _, l := range o.boxes.mail.Letters() {
		if l.To == "vp@sesk.example" && strings.Contains(l.Subject, "скоро") {
			t.Errorf("%q to the colleagues of one who is at work", l.Subject)
		}
	}
}

// saysNothing holds a letter to telling nothing of the customer (spec §3.6).
func (o *bureau) saysNothing(l mailtest.Letter) {
	o.t.Helper()
	for _, secret := range []string{"Иванова", "Лыжн", "demo01", "0000000001", "вырос"} {
		if strings.Contains(l.Subject+l.Text, secret) {
			o.t.Errorf("%q stands in\n%s\n%s", secret, l.Subject, l.Text)
		}
	}
}

// Who wants letters gets one for what happens, and his answer on paper in one of
// them.
func TestAnswerByMail(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "email", "email")
	if l := o.letter("demo01@post.example", n.String()+": мы зарегистрировали обращение"); !strings.Contains(l.Text, "Ответим до") {
		t.Errorf("registered: %s", l.Text)
	}
	reply := o.answers("olga", n, "Здравствуйте!\n\nРасход вырос на 40 кВт·ч.")
	l := o.letter("demo01@post.example", n.String()+": ответ")
	if len(l.Files) != 1 || l.Files[0].Media != "application/pdf" || !strings.HasPrefix(l.Files[0].Name, "Ответ "+n.String()) {
		t.Fatalf("the answer: %+v", l)
	}
	if office := "info@sesk.example"; l.ReplyTo != office || !strings.Contains(l.Text, "ответить на это письмо: ответ придёт на "+office) {
		t.Errorf("a reply goes to %q: %s", l.ReplyTo, l.Text)
	}
	text, _ := papertest.Text(t, l.Files[0].Data)
	for _, want := range []string{"Обобращении№" + n.String(), "Исх.№" + reply, "Наобращение№" + n.String(), "ИвановаМарияПетровна", "выросна40кВт·ч", "Старогорск,ул.Садовая,14", "Тел.88000000101", "Специалиствиртуальнойприёмной", "Старогорэнергосбыт", "Ольга"} {
		if !strings.Contains(strings.ReplaceAll(text, "-", ""), strings.ReplaceAll(want, "-", "")) {
			t.Errorf("%q is missing on paper: %s", want, text)
		}
	}
	if strings.Contains(text, "Исполнитель") {
		t.Errorf("she has written it herself: %s", text)
	}
	if !strings.Contains(l.Text, "Старогорск, ул. Садовая, 14") {
		t.Errorf("the letter says not where it comes from: %s", l.Text)
	}
	o.delivered(reply, "email", registry.Sent)

	// Sent again, it is another letter with the same paper.
	o.does("olga", n, life.Do{Event: life.Resend, Reply: reply, Way: "email", Again: true})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var papers []string
	if err := eventually(ctx, func() (bool, error) {
		papers = nil
		for _, l := range o.boxes.mail.Letters() {
			if len(l.Files) > 0 {
				papers = append(papers, string(l.Files[0].Data))
			}
		}
		return len(papers) == 2, nil
	}); err != nil || papers[0] != papers[1] {
		t.Errorf("sent again: %d letters, %v", len(papers), err)
	}
}

// Who is answered by post hears that a letter will come, by a message that says no
// more than the number, and that it has gone, on which day, when somebody has posted
// it; till then the paper waits for that person. His chat hears the same.
func TestAnswerByPost(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "phone", "post")
	reply := o.answers("olga", n, "Расход вырос.")
	o.delivered(reply, "post", registry.Queued)
	r, err := o.stores.db.FindReply(t.Context(), reply)
	if err != nil || r.Paper == "" {
		t.Fatalf("no paper: %+v, %v", r, err)
	}
	_, content, err := o.stores.files.Open(t.Context(), r.Paper)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	paper, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := papertest.Text(t, paper); !strings.Contains(text, "г.Старогорск,ул.Лыжная,д.14,кв.20") {
		t.Errorf("the window of the envelope is empty: %s", text)
	}

	maria := o.phone(t, 5004, "Мария")
	maria.tells("меню", "Выберите")
	chatted, written := o.fileFrom("tg:5004", "В-0", appeal.Question, "chat", "post"), o.fileFrom("tg:5005", "В-0", appeal.Question, "email", "post")
	one, two := o.answers("olga", chatted, "Расход вырос на 40 кВт·ч."), o.answers("olga", written, "Расход вырос на 50 кВт·ч.")
	maria.hears("Ответ на обращение " + chatted.String() + " готов. Отправим его письмом по почте")
	l := o.letter("demo01@post.example", written.String()+": ответ готов, отправим")
	if !strings.Contains(l.Text, "сообщим, когда письмо уйдёт") || strings.Contains(l.Text, "мы отправили") {
		t.Errorf("before it is posted: %s", l.Text)
	}
	for _, l := range o.boxes.mail.Letters() {
		if strings.Contains(l.Subject, "отправлен по почте") {
			t.Errorf("nobody has posted it: %+v", l)
		}
	}
	today := date(words.RU, calendar.DateOf(o.clock.Now(), pgtest.Zone))
	o.does("olga", chatted, life.Do{Event: life.Posted, Reply: one, Way: "post"})
	maria.hears("Письмо с ответом на обращение " + chatted.String() + " отправлено по почте " + strings.TrimSuffix(today, " 2026"))
	o.does("olga", written, life.Do{Event: life.Posted, Reply: two, Way: "post"})
	if l := o.letter("demo01@post.example", written.String()+": ответ отправлен по почте"); !strings.Contains(l.Text, "отправили по почте "+today) {
		t.Errorf("posted: %s", l.Text)
	}
}

// Who wants to be called but answered in his chat gets the answer there, and so
// does whoever is sent it there again.
func TestAnswerInTheChat(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	maria := o.phone(t, 5003, "Мария")
	maria.tells("меню", "Выберите")
	const hers chat.Conversation = "tg:5003"
	called := o.fileFrom(hers, "В-0", appeal.Question, "phone", "chat")
	o.answers("olga", called, "Расход вырос на 40 кВт·ч.")
	maria.hears("Ответ на обращение " + called.String())

	written := o.fileFrom(hers, "В-0", appeal.Question, "email", "email")
	reply := o.answers("olga", written, "Расход вырос на 50 кВт·ч.")
	o.delivered(reply, "email", registry.Sent)
	o.does("olga", written, life.Do{Event: life.Resend, Reply: reply, Way: "chat"})
	maria.hears("Ответ на обращение " + written.String())
	o.pointsOut(maria, o.fileFrom(hers, "В-0", appeal.Question, "chat", "chat"))
}

// pointsOut answers a typical question in the console: the letter has to lead to a
// frequent one that there is, and its customer can open what he is sent (R-5.2.6-c).
func (o *bureau) pointsOut(p *phone, n appeal.Number) {
	o.t.Helper()
	olga := o.clerk("olga")
	if err := olga.come(); err != nil {
		o.t.Fatal(err)
	}
	found, err := olga.must("GET", "/cases/articles?lang=ru&q="+url.QueryEscape("как платить"), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	article := found["articles"].([]any)[0].(map[string]any)
	address, slug := article["address"].(string), article["slug"].(string)
	olga.does(o.t, n, "take", nil)
	typical := func(text, slug string) (int, map[string]any) {
		saved, err := olga.must("POST", caseAt(n, "/replies"), map[string]any{"text": text})
		if err != nil {
			o.t.Fatal(err)
		}
		return olga.deed(o.t, n, "typical", map[string]any{"reply": saved["id"], "links": []string{slug}})
	}
	for text, to := range map[string]string{
		"Об этом мы уже писали.":            slug,
		"Об этом мы уже писали: " + address: "nothing-like-it",
	} {
		if status, said := typical(text, to); status != http.StatusBadRequest || said["error"] != "case_links" {
			o.t.Errorf("%q to %s: %d %v", text, to, status, said)
		}
	}
	if status, said := typical("Об этом мы уже писали: "+address+".", slug); status != http.StatusOK {
		o.t.Fatalf("%d %v", status, said)
	}
	p.hears(address)
	path, own := strings.CutPrefix(address, o.config.HTTP.PublicURL)
	if status, page := o.reads(path); !own || status != http.StatusOK || !strings.Contains(page, article["title"].(string)) {
		o.t.Errorf("%s: %d\n%s", address, status, page)
	}
}

// delivered waits until an answer's first attempt by a way stands so, and its paper
// is there.
func (o *bureau) delivered(reply, way string, want registry.Status) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	err := eventually(ctx, func() (bool, error) {
		r, err := o.stores.db.FindReply(ctx, reply)
		if err != nil || r.Paper == "" {
			return false, err
		}
		list, err := o.stores.db.Deliveries(ctx, reply)
		for _, d := range list {
			if d.Way == way && d.Attempt == 1 && d.Status == want {
				return true, nil
			}
		}
		return false, err
	})
	if err != nil {
		list, _ := o.stores.db.Deliveries(o.t.Context(), reply)
		o.t.Fatalf("%s by %s is not %s: %v, %+v", reply, way, want, err, list)
	}
}

// A letter is signed by who has sent it, in his role, and names who has written it.
func TestWhoSigns(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "email", "email")
	roman, _, err := o.stores.db.FindStaff(t.Context(), "roman")
	if err != nil {
		t.Fatal(err)
	}
	o.does("olga", n, life.Do{Event: life.Take})
	reply, err := o.stores.db.SaveReply(t.Context(), audit.Entry{Staff: roman.ID}, registry.Reply{Number: n, Text: privacy.NewText("Расход вырос.")})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := o.letters.papers.Render(t.Context(), n, reply.ID, privacy.NewText("Расход вырос."))
	if err != nil {
		t.Fatal(err)
	}
	o.does("olga", n, life.Do{Event: life.Answer, Reply: reply.ID})
	sent := o.letter("demo01@post.example", n.String()+": ответ")
	if len(sent.Files) != 1 {
		t.Fatalf("the answer: %+v", sent)
	}
	for what, paper := range map[string][]byte{"the draft": draft, "the letter": sent.Files[0].Data} {
		text, _ := papertest.Text(t, paper)
		for _, want := range []string{"Специалиствиртуальнойприёмной", "Ольга", "Исполнитель:Роман,тел.8"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q: %s", what, want, text)
			}
		}
	}
}

// What colleagues look at before they send it is a letter with the number of its
// draft; a case that is not there has none.
func TestDraftOnPaper(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	paper, err := o.letters.papers.Render(t.Context(), n, "", privacy.NewText("Пока так."))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := papertest.Text(t, paper); !strings.Contains(text, "Черновик") || !strings.Contains(text, "Покатак.") {
		t.Errorf("the draft: %s", text)
	}
	if _, err := o.letters.papers.Render(t.Context(), appeal.Number{Kind: appeal.Review, Year: 2026, Serial: 99}, "", privacy.NewText("x")); !fault.Is(err, fault.NotFound) {
		t.Errorf("no case: %v", err)
	}
	if _, err := o.letters.papers.Render(t.Context(), n, "", privacy.NewText(" ")); !fault.Is(err, fault.Invalid) {
		t.Errorf("no text: %v", err)
	}
	r, err := http.Get(o.url(t) + "/indicators?lang=ru")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if page, err := io.ReadAll(r.Body); err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(page), "Как мы отвечаем") {
		t.Errorf("the indicators: %d, %v, %s", r.StatusCode, err, page)
	}
}

// Times to choose from stand apart in a letter.
func TestTimesStandApart(t *testing.T) {
	t.Parallel()
	for lang, want := range map[words.Lang]string{words.RU: "13 января, 15:00 или 14 января, 09:30", words.EN: "13 января, 15:00 or 14 января, 09:30"} {
		if got := timesOf(lang, []string{"13 января, 15:00", "14 января, 09:30"}); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// A time is told with why it is that one, where somebody had to say so.
func TestATimeIsToldWithItsReason(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{"": "9 декабря, 12:00", "Ждём прибор": "9 декабря, 12:00 (почему так: Ждём прибор)"} {
		if got := because(words.RU, "9 декабря, 12:00", note); got != want {
			t.Errorf("%q: %q", note, got)
		}
	}
}
