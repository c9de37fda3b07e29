package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os/exec"
	"strconv"
	"strings"
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

// step is one exchange: what a customer does, and a part of the words that he
// waits for.
type step struct {
	name  string
	do    func() error
	hears string
}

// reading is the conversation in which a customer submits values for the
// round-th time: menu, account, proof, values, sending. say and press are his
// ways of doing so on his channel.
func (h household) reading(round int, say, press func(string) error) []step {
	values := make([]string, len(h.last))
	for i, last := range h.last {
		values[i] = strconv.FormatInt(last+int64(round)+1, 10)
	}
	with := func(do func(string) error, what string) func() error { return func() error { return do(what) } }
	return []step{
		{"start", with(say, "/start"), "Выберите действие"},
		{"open", with(press, "Передать показания"), "номер лицевого счёта"},
		{"account", with(say, h.account), "последние 4 цифры номера счётчика"},
		{"proof", with(say, h.meter[len(h.meter)-4:]), "показание"},
		{"values", with(say, strings.Join(values, " ")), "Проверьте и отправьте"},
		{"send", with(press, "Отправить"), receiptWords},
	}
}

// person is a customer in Telegram with a household.
type person struct {
	*telegramtest.Customer
	home household
}

func (p *person) reading(round int) []step {
	return p.home.reading(round, func(text string) error { p.Say(text); return nil },
		func(label string) error { _, err := p.Press(label); return err })
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
