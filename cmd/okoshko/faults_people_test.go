package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
)

// habits are how the crowd behaves.
type habits struct {
	// think is the longest pause before an act.
	think time.Duration
	// insist is the share of presses that the client sends again, under a new
	// ID: at once, or a moment later.
	insist float64
	// race is the share of rounds in which the customer sends and, in the same
	// moment, cancels or corrects.
	race float64
}

// resident is a person of the crowd who submits readings again and again.
type resident struct {
	*person
	rng      *rand.Rand
	habits   habits
	patience time.Duration
	presses  []*telegramtest.Press
	raced    map[pressKey]bool
	restarts int
	rounds   int
}

// pressKey is what several updates of one press have in common.
type pressKey struct {
	chat    int64
	message int
	token   string
}

func keyOf(p *telegramtest.Press, chat int64) pressKey {
	return pressKey{chat, p.Message.ID, p.Button.Data}
}

func newResident(p *person, seed uint64, n int, s setting) *resident {
	return &resident{
		person: p, rng: rand.New(rand.NewPCG(seed, uint64(n)+1)), habits: s.habits, patience: s.patience,
		raced: map[pressKey]bool{},
	}
}

func (r *resident) conversation() chat.Conversation {
	return chat.Conversation("tg:" + strconv.FormatInt(r.ID(), 10))
}

// differentValues is how many values a resident submits before he repeats them:
// above some hundred kilowatt-hours the form would doubt them.
const differentValues = 60

// live submits readings until ctx ends.
func (r *resident) live(ctx context.Context) {
	for ; ctx.Err() == nil; r.rounds++ {
		if err := r.round(ctx, r.rounds%differentValues); err != nil && ctx.Err() == nil {
			r.restarts++
			r.SkipUnread()
			r.Say("отмена")
			again, cancel := context.WithTimeout(ctx, r.patience)
			_, _ = r.AwaitNext(again)
			cancel()
		}
	}
}

// round is one submission, from the menu to the receipt.
func (r *resident) round(ctx context.Context, n int) error {
	steps := r.reading(n)
	for i := range steps {
		if err := r.pause(ctx); err != nil {
			return err
		}
		s := &steps[i]
		switch s.name {
		case "open":
			s.do = func() error { return r.press(ctx, "Передать показания", false) }
		case "send":
			values := steps[i-1]
			if r.rng.Float64() < r.habits.race {
				return r.race(ctx, values)
			}
			s.do = func() error { return r.press(ctx, "Отправить", false) }
		}
		if err := r.do(ctx, *s); err != nil {
			return err
		}
	}
	return nil
}

func (r *resident) do(ctx context.Context, s step) error {
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	for err := s.do(); err != nil; err = s.do() {
		// The button may be on a message that is still on its way.
		if ctx.Err() != nil {
			return err
		}
		_, _ = r.AwaitNext(ctx)
	}
	for {
		m, err := r.AwaitNext(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if strings.Contains(m.Text, s.hears) {
			return nil
		}
	}
}

func (r *resident) pause(ctx context.Context) error {
	if r.habits.think > 0 {
		timer := time.NewTimer(time.Duration(r.rng.Int64N(int64(r.habits.think))))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// press presses the newest button of that name, and again if that is the habit.
func (r *resident) press(ctx context.Context, label string, raced bool) error {
	p, err := r.Press(label)
	if err != nil {
		return err
	}
	r.presses = append(r.presses, p)
	if raced {
		r.raced[keyOf(p, r.ID())] = true
	}
	if r.rng.Float64() >= r.habits.insist {
		return nil
	}
	for range 1 + r.rng.IntN(2) {
		if r.rng.IntN(2) == 0 {
			_ = r.pause(ctx)
		}
		r.presses = append(r.presses, p.Again())
	}
	return nil
}

// race presses «Отправить» and in the same moment changes his mind in words.
// Whatever comes of it, it must come of it whole.
func (r *resident) race(ctx context.Context, values step) error {
	words, correct := "отмена", r.rng.IntN(2) == 0
	if correct {
		higher := make([]string, len(r.home.last))
		for i, last := range r.home.last {
			higher[i] = strconv.FormatInt(last+int64(differentValues)+r.rng.Int64N(differentValues), 10)
		}
		words = strings.Join(higher, " ")
	}
	head := time.Duration(r.rng.Int64N(int64(4 * time.Millisecond)))
	var both sync.WaitGroup
	both.Go(func() {
		time.Sleep(head)
		r.Say(words)
	})
	time.Sleep(4*time.Millisecond - head)
	err := r.press(ctx, "Отправить", true)
	both.Wait()
	if err != nil {
		return err
	}
	for {
		again, cancel := context.WithTimeout(ctx, r.patience)
		m, err := r.AwaitNext(again)
		cancel()
		switch {
		case err != nil:
			return fmt.Errorf("race: %w", err)
		case strings.Contains(m.Text, receiptWords), strings.Contains(m.Text, cancelWords):
			return r.clear(ctx, correct)
		case strings.Contains(m.Text, "Проверьте и отправьте") && correct && strings.Contains(spaceless(m.Text), strings.Fields(words)[0]):
			if err := r.press(ctx, "Отправить", true); err != nil {
				return err
			}
		}
	}
}

// clear closes the form that a correction has opened if it came too late.
func (r *resident) clear(ctx context.Context, corrected bool) error {
	if !corrected {
		return nil
	}
	say := func(words string) func() error {
		return func() error { r.Say(words); return nil }
	}
	if err := r.do(ctx, step{"start", say("/start"), "Выберите действие"}); err != nil {
		return err
	}
	return r.do(ctx, step{"clear", say("отмена"), "Отмен"})
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
