package redis

import (
	"context"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Unsent implements turn.Outbox.
func (s *Store) Unsent(ctx context.Context, c chat.Conversation, limit int) ([]turn.Entry, error) {
	k := s.keys.of(c)
	reply, err := s.run(ctx, unsentScript, []string{k.record, k.log}, strconv.Itoa(limit)).Result()
	if err != nil {
		return nil, wrap("read unsent replies", err)
	}
	entries, err := decodeEntries(reply)
	return entries, wrap("decode unsent replies", err)
}

// Delivered implements turn.Outbox.
func (s *Store) Delivered(ctx context.Context, d turn.Delivery) (mine, more bool, err error) {
	k := s.keys.of(d.Conversation)
	mine, more, err = pair(s.run(ctx, deliveredScript, []string{k.record, k.log, k.due, k.dirty},
		string(d.Conversation), d.Position.String(), string(d.Receipt.Kind), micros(d.Receipt.At), d.Receipt.Body,
		d.Prompt, micros(d.Now), s.replica, leaseFor, keepFor, s.number(), k.hints))
	return mine, more, wrap("record delivery", err)
}

// Renew implements turn.Outbox.
func (s *Store) Renew(ctx context.Context, c chat.Conversation) (bool, error) {
	mine, err := s.ask(ctx, renewScript, []string{s.keys.of(c).record}, s.replica, leaseFor)
	return mine, wrap("renew lease", err)
}

// Hold implements turn.Outbox.
func (s *Store) Hold(ctx context.Context, c chat.Conversation, until time.Time) error {
	k := s.keys.of(c)
	err := s.run(ctx, holdScript, []string{k.record, k.due}, string(c), micros(until), s.replica, keepFor).Err()
	return wrap("put conversation off", err)
}
