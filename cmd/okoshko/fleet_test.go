package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"okoshko/bots/telegram/telegramtest"
)

// household is an account of the demo as `okoshko demo --accounts` prints it.
type household struct {
	account, meter string
	last           []int64
}

// settle adds n accounts to the demo of a replica's stores and returns them.
func (p *process) settle(n int) []household {
	p.t.Helper()
	cmd := exec.Command(p.program, "demo", "--accounts", strconv.Itoa(n))
	cmd.Env = p.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("add accounts: %v\n%s", err, errs.String())
	}
	homes, err := readHouseholds(&out)
	if err != nil {
		p.t.Fatal(err)
	}
	return homes
}

func readHouseholds(in *bytes.Buffer) ([]household, error) {
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, err
	}
	if want := "account,house,flat,meter,digits,zones,last"; len(rows) == 0 || strings.Join(rows[0], ",") != want {
		return nil, errors.New("the accounts have other columns than " + want)
	}
	var homes []household
	for _, row := range rows[1:] {
		h := household{account: row[0], meter: row[3]}
		for value := range strings.SplitSeq(row[6], "/") {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return nil, err
			}
			h.last = append(h.last, n)
		}
		homes = append(homes, h)
	}
	return homes, nil
}

// person is a customer with a household, and what he remembers of his dealings
// with the bot.
type person struct {
	*telegramtest.Customer
	home household

	mu   sync.Mutex
	sent []submission
}

// submission is a reading that a person has sent, with the receipt that he was
// given, "" for none yet.
type submission struct {
	values  []int64
	receipt string
}

// step is one exchange: what the person does, and a part of the words that he
// waits for.
type step struct {
	name  string
	do    func() error
	hears string
}

// reading is the conversation in which a person submits values for the round-th
// time: menu, account, proof, values, sending.
func (p *person) reading(round int) []step {
	values := make([]string, len(p.home.last))
	sums := make([]int64, len(p.home.last))
	for i, last := range p.home.last {
		sums[i] = last + int64(round) + 1
		values[i] = strconv.FormatInt(sums[i], 10)
	}
	say := func(text string) func() error {
		return func() error { p.Say(text); return nil }
	}
	press := func(label string) func() error {
		return func() error { _, err := p.Press(label); return err }
	}
	return []step{
		{"start", say("/start"), "Выберите действие"},
		{"open", press("Передать показания"), "номер лицевого счёта"},
		{"account", say(p.home.account), "последние 4 цифры номера счётчика"},
		{"proof", say(p.home.meter[len(p.home.meter)-4:]), "показание"},
		{"values", say(strings.Join(values, " ")), "Проверьте и отправьте"},
		{"send", func() error {
			p.mu.Lock()
			p.sent = append(p.sent, submission{values: sums})
			p.mu.Unlock()
			_, err := p.Press("Отправить")
			return err
		}, "Показания приняты"},
	}
}

// keep remembers the receipt of what was sent last.
func (p *person) keep(text string) {
	_, rest, ok := strings.Cut(text, "Квитанция ")
	if !ok {
		return
	}
	receipt, _, _ := strings.Cut(rest, ",")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent[len(p.sent)-1].receipt = receipt
}

// crowd puts a customer into every household, with chat IDs from first.
func crowd(t testing.TB, tg *telegramtest.Server, homes []household, first int64) []*person {
	t.Helper()
	people := make([]*person, len(homes))
	for i, h := range homes {
		people[i] = &person{
			Customer: tg.Customer(first+int64(i), telegramtest.Profile{First: "Житель", Language: "ru"}), home: h,
		}
	}
	return people
}
