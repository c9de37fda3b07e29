package casework

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// reply is an answer as a document, and what became of it.
type reply struct {
	ID    string     `json:"id"`
	Nth   string     `json:"nth"`
	At    time.Time  `json:"at"`
	By    person     `json:"by"`
	Text  string     `json:"text"`
	Final *time.Time `json:"final"`
	Sent  []sending  `json:"sent"`
	// Ways are those by which an answer can go that has not reached the customer.
	Ways []other `json:"ways"`
	// Files go with it.
	Files []enclosed `json:"files"`
}

// other is a way to the customer that is not his chat, the field of its address, and
// what he has said in it; "": nothing yet.
type other struct {
	Code  string      `json:"code"`
	Name  text        `json:"name"`
	Field appeal.Name `json:"field"`
	To    string      `json:"to"`
}

// sending is an attempt to bring an answer to the customer.
type sending struct {
	Way     string          `json:"way"`
	Name    text            `json:"name"`
	Attempt int             `json:"attempt"`
	State   registry.Status `json:"state"`
	Why     string          `json:"why"`
	At      time.Time       `json:"at"`
	// Until: it waits for the morning.
	Until *time.Time `json:"until,omitempty"`
	// Again: it failed and nothing came after it: it is to be sent again. More: it
	// has gone, and can go once more. ByHand: a person sends it, and says so.
	Again  bool `json:"again"`
	More   bool `json:"more"`
	ByHand bool `json:"by_hand"`
}

// template is the frame of an answer: its text with a place for what is to be
// said.
type template struct {
	Event life.Event `json:"event"`
	Lang  string     `json:"lang"`
	Text  string     `json:"text"`
}

// Refusals of what is written.
var (
	errReplyEmpty error = life.HasReply.Err()
	errReplyLong  error = &fault.Error{Kind: fault.Invalid, Key: "case_reply_long"}
	errNoPaper    error = &fault.Error{Kind: fault.NotFound, Key: "case_paper"}
)

// mostReply is how long an answer may be, in characters.
const mostReply = 20_000

// replies lists the answers of a case, the newest first.
func (w *Casework) replies(ctx context.Context, r *registry.Record, people map[int64]string) ([]reply, error) {
	list, err := w.Register.Replies(ctx, r.Number)
	if err != nil {
		return nil, err
	}
	out := []reply{}
	for i := len(list) - 1; i >= 0; i-- {
		k := &list[i]
		one := reply{
			ID: k.ID, Nth: k.ID[len(r.Number.String())+1:], At: k.At, By: *someone(k.Author, people), Text: k.Text.Reveal(),
			Final: moment(k.Final), Sent: []sending{}, Ways: []other{},
		}
		if r.Lost != "" && k.ID == r.Reply {
			if one.Ways, err = w.others(ctx, r); err != nil {
				return nil, err
			}
		}
		if one.Files, err = w.enclosed(ctx, k); err != nil {
			return nil, err
		}
		if one.Final != nil {
			if one.Sent, err = w.sendings(ctx, k.ID); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// sendings lists the attempts to send an answer. Of each way, the last can be
// repeated if it failed.
func (w *Casework) sendings(ctx context.Context, id string) ([]sending, error) {
	list, err := w.Register.Deliveries(ctx, id)
	if err != nil {
		return nil, err
	}
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	last := map[string]int{}
	for i := range list {
		last[list[i].Way] = i
	}
	out := []sending{}
	for i := range list {
		d := &list[i]
		at := d.At
		if !d.Settled.IsZero() {
			at = d.Settled
		}
		out = append(out, sending{
			Way: d.Way, Name: answerWayName(&books, d.Way), Attempt: d.Attempt, State: d.Status, Why: d.Why, At: at, Until: moment(d.Until),
			Again:  d.Status == registry.Failed && last[d.Way] == i,
			More:   d.Status == registry.Sent && last[d.Way] == i,
			ByHand: d.Status == registry.Queued && d.Way == appeal.ByPost,
		})
	}
	return out, nil
}

// others lists the ways by which an answer goes that the chat has not brought.
func (w *Casework) others(ctx context.Context, r *registry.Record) ([]other, error) {
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	list := []other{}
	for _, o := range []other{{Code: appeal.ByEmail, Field: appeal.Email}, {Code: appeal.ByPost, Field: "post_address"}} {
		o.Name, o.To = answerWayName(&books, o.Code), r.Answers.One(o.Field)
		list = append(list, o)
	}
	return list, nil
}

// answerWayName is what customers call a way of being answered.
func answerWayName(books *registry.Books, code string) text {
	if f, ok := books.Forms.Field(appeal.AnswerWay); ok {
		if o, ok := f.Option(code); ok {
			return o.Names
		}
	}
	return words.Plain(code)
}

// saveReply keeps an answer that is being written, as a new draft or in the
// place of one.
func (w *Casework) saveReply(c *fiber.Ctx) error {
	var in struct {
		ID, Text string
		Files    []string
	}
	if err := c.BodyParser(&in); err != nil {
		return w.fail(c, console.ErrInvalid)
	}
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	if !writes(&r.Case, w.actor(c)) {
		return w.fail(c, life.ErrRole)
	}
	text, err := (&appeal.Field{Type: appeal.Prose}).Read(in.Text, calendar.Date{})
	switch {
	case in.Text == "" || errors.Is(err, appeal.ErrEmpty):
		return w.fail(c, errReplyEmpty)
	case err != nil:
		return w.fail(c, err)
	case len([]rune(text)) > mostReply:
		return w.fail(c, errReplyLong)
	}
	if err := w.mayEnclose(c.UserContext(), r.Number, in.Files); err != nil {
		return w.fail(c, err)
	}
	saved, err := w.Register.SaveReply(c.UserContext(), w.by(c), registry.Reply{
		ID: in.ID, Number: r.Number, Text: privacy.NewText(text), Files: in.Files, Author: w.actor(c).Staff, At: w.Now(),
	})
	if err != nil {
		return w.fail(c, err)
	}
	return c.JSON(fiber.Map{"id": saved.ID})
}

// writes reports whether somebody may do now what needs an answer.
func writes(c *life.Case, a life.Actor) bool {
	for _, e := range life.Possible(c, a) {
		switch e {
		case life.Prepare, life.Answer, life.Typical, life.OffTopic:
			return true
		}
	}
	return false
}

// paper shows how an answer looks, as a file.
func (w *Casework) paper(c *fiber.Ctx) error {
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	if w.Letters == nil {
		return w.fail(c, errNoPaper)
	}
	k, err := w.Register.FindReply(c.UserContext(), replyOf(c, r.Number))
	if err != nil {
		return w.fail(c, err)
	}
	pdf, err := w.Letters.Render(c.UserContext(), r.Number, k.ID, k.Text)
	if err != nil {
		return w.fail(c, err)
	}
	return console.SendFile(c, strings.ReplaceAll(k.ID, "/", "-")+".pdf", bytes.NewReader(pdf))
}

// templates are the frames of answers to a case, in the customer's language
// first.
func (w *Casework) templates(r *registry.Record) []template {
	langs := []words.Lang{words.RU, words.EN}
	if r.Lang == string(words.EN) {
		langs = []words.Lang{words.EN, words.RU}
	}
	list := []template{}
	for _, lang := range langs {
		for _, e := range []life.Event{life.Answer, life.Typical, life.OffTopic} {
			said := cases.Frame(lang, e, r.Number.String())
			list = append(list, template{e, string(lang), said})
		}
	}
	return list
}
