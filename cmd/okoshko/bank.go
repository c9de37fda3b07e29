package main

import (
	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/payment/demobank"
	"okoshko/bots/site/bank"
	"okoshko/core/billing"
	"okoshko/core/fault"
	"okoshko/core/payment"
)

// bankPath is where the pages of the demo's bank are.
const bankPath = "/demo/pay"

// teller is the demo's bank, as its pages see it.
type teller struct{ *demobank.Bank }

// Payments implements bank.Counter.
func (c teller) Payments() (list []bank.Payment) {
	for _, o := range c.Orders() {
		list = append(list, orderOf(o))
	}
	return list
}

// Payment implements bank.Counter.
func (c teller) Payment(token string) (bank.Payment, bool) {
	o, found := c.Find(token)
	return orderOf(o), found
}

func orderOf(o demobank.Order) bank.Payment {
	account := ""
	if o.Case == "" {
		account = billing.AccountNumber(o.Account).Masked()
	}
	return bank.Payment{
		Token: o.Token, Number: payment.Number(o.Number).String(), Account: account, Case: o.Case,
		Sum: o.Sum, State: string(o.State), At: o.At, Until: o.Until, Return: o.Return, Told: o.Told, Heard: o.Heard,
	}
}

var bankActs = map[string]demobank.State{
	bank.Pay: demobank.Paid, bank.Refuse: demobank.Refused, bank.Expire: demobank.Expired, bank.Refund: demobank.Refunded,
}

// Act implements bank.Counter.
func (c teller) Act(token, act string) error {
	o, found := c.Find(token)
	to, known := bankActs[act]
	switch {
	case !found || !known && act != bank.Again:
		return fault.New(fault.NotFound, "no such payment, or act")
	case act == bank.Again:
		return c.Again(o.Number)
	}
	return c.Bank.Act(o.Number, to)
}

// mountBank adds the pages of the demo's bank.
func (b *boxes) mountBank(r fiber.Router, c Config) error {
	zone, err := c.Company.Location()
	if err != nil {
		return err
	}
	bank.New(teller{b.bank}, byLanguage(c.Company.Name), zone).Mount(r, bankPath)
	return nil
}
