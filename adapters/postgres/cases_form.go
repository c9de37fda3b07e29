package postgres

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

var _ registry.Forms = (*DB)(nil)

// formLabel is what tickets of forms are sealed under.
const formLabel = "form"

// formTicket is what a ticket says.
type formTicket struct {
	ID           string            `json:"id"`
	Conversation chat.Conversation `json:"of"`
	Until        time.Time         `json:"until"`
	registry.FormOrder
}

// OrderForm implements registry.Forms. It makes no fact: nothing of a form is kept
// before it is sent.
func (d *DB) OrderForm(ctx context.Context, e registry.Effect, o registry.FormOrder) (made registry.FormMade, err error) {
	if d.sealer == nil {
		return made, fault.New(fault.Invalid, "no data key is configured")
	}
	t := formTicket{ID: rand.Text(), Conversation: e.Conversation, Until: exact(d.now().Add(registry.FormLife)), FormOrder: o}
	f, err := d.form(ctx, t)
	switch {
	case errors.Is(err, registry.ErrNoForm):
		return registry.FormMade{Unknown: true}, nil
	case err != nil:
		return made, err
	case len(f.Fields) == 0 || !f.Of.Secure(f.Audience):
		return registry.FormMade{Needless: true}, nil
	}
	plain, err := json.Marshal(t)
	if err != nil {
		return made, fmt.Errorf("write ticket of a form: %w", err)
	}
	made.Sealed, err = d.sealer.Seal(plain, formLabel)
	return made, err
}

// FormTicket returns a form that was made ready as it stands in an address; ok is
// false for what is none.
func (d *DB) FormTicket(c chat.Conversation, sealed []byte) (ticket string, ok bool) {
	t, err := d.readTicket(sealed)
	return base64.RawURLEncoding.EncodeToString(sealed), err == nil && t.Conversation == c
}

func (d *DB) readTicket(sealed []byte) (t formTicket, err error) {
	plain, err := d.unseal(sealed, true, formLabel)
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(plain, &t)
}

// FindForm implements registry.Forms.
func (d *DB) FindForm(ctx context.Context, ticket string) (registry.Form, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(ticket)
	if err != nil || len(sealed) == 0 || d.sealer == nil {
		return registry.Form{}, registry.ErrNoForm
	}
	t, err := d.readTicket(sealed)
	switch {
	case fault.Is(err, fault.Unavailable):
		return registry.Form{}, err
	case err != nil:
		return registry.Form{}, registry.ErrNoForm
	}
	f, err := d.form(ctx, t)
	if err != nil {
		return f, err
	}
	raw, sent, err := one(ctx, d.pool, pgx.RowTo[[]byte], findEffect, formEffect(f).ID)
	if err != nil || !sent || raw == nil {
		return f, wrap("find what became of a form", err)
	}
	var became struct {
		Number appeal.Number
		Due    term.Deadline
	}
	if err := json.Unmarshal(raw, &became); err != nil {
		return f, fmt.Errorf("read what became of a form: %w", err)
	}
	f.Done = &registry.FormDone{Number: became.Number, Due: became.Due.Last}
	return f, nil
}

// form is what a ticket leads to, as it is today.
func (d *DB) form(ctx context.Context, t formTicket) (registry.Form, error) {
	f := registry.Form{FormOrder: t.FormOrder, ID: t.ID, Conversation: t.Conversation, Until: t.Until}
	books, err := d.CaseBooks(ctx)
	if err != nil {
		return f, err
	}
	day := dayOf(books.Machine, d.now())
	var record *registry.Record
	if !f.Number.IsZero() {
		r, found, err := d.CustomerCase(ctx, f.Conversation, f.Number)
		if err != nil {
			return f, err
		}
		if !found {
			return f, registry.ErrNoForm
		}
		record, f.Category, f.Audience, day = &r, r.Category, r.Audience, dayOf(books.Machine, r.Registered)
	}
	if f.Of, err = books.Forms.Category(f.Category, day); err != nil {
		return f, registry.ErrNoForm
	}
	f.Fields = registry.Ask(f.Of, f.Audience, record)
	return f, nil
}

func formEffect(f registry.Form) registry.Effect {
	return registry.Effect{ID: "form/" + f.ID, Conversation: f.Conversation}
}

// SendForm implements registry.Forms.
func (d *DB) SendForm(ctx context.Context, f registry.Form, a appeal.Answers) (done registry.FormDone, err error) {
	now := d.now()
	if f.Done != nil {
		return *f.Done, nil
	}
	if !now.Before(f.Until) {
		return done, registry.ErrLate
	}
	e := formEffect(f)
	e.At = now
	if f.Number.IsZero() {
		filed, err := d.RegisterCase(ctx, e, registry.Filing{
			Kind: f.Of.Kind, Category: f.Category, Audience: f.Audience, Lang: f.Lang, Channel: registry.FormChannel, Answers: a, Account: f.Account,
		})
		return registry.FormDone{Number: filed.Number, Due: filed.Due.Last}, err
	}
	r, found, err := d.CustomerCase(ctx, f.Conversation, f.Number)
	if err != nil {
		return done, err
	}
	if !found {
		return done, registry.ErrNoCase
	}
	do := life.Do{Event: life.Write, Answers: a}
	if r.State == life.NeedInfo {
		do.Event = life.Clarify
	}
	out, err := d.DoCase(ctx, e, registry.Act{Number: f.Number, Do: do, By: registry.Customer, FromForm: true})
	return registry.FormDone{Number: f.Number, Due: out.Due.Last}, err
}
