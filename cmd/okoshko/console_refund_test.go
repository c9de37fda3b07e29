package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/adapters/payment/demobank"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/knowledge"
	"okoshko/core/payment"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog"
)

// orders registers an application for a paid service, pays it, and returns its
// number and that of the payment.
func (o *bureau) orders() (appeal.Number, payment.Number) {
	o.t.Helper()
	ctx, db := o.t.Context(), o.stores.db
	answers := appeal.Answers{}.With(appeal.Body, "Замените вводной автомат.").With(appeal.Contact, appeal.InChat).With(appeal.AnswerWay, appeal.InChat)
	filed, err := db.RegisterCase(ctx, o.click(writer), registry.Filing{
		Kind: appeal.Application, Category: "З-8", Audience: knowledge.Individuals, Lang: "ru", Answers: answers, Price: 195000,
	})
	if err != nil {
		o.t.Fatal(err)
	}
	opened, err := o.till.Start(ctx, dialog.Effect(o.click(writer)), payment.Wish{Case: filed.Number})
	if err != nil || opened.Refused || opened.Away {
		o.t.Fatalf("%+v, %v", opened, err)
	}
	if err := o.boxes.bank.Act(string(opened.Number), demobank.Paid); err != nil {
		o.t.Fatal(err)
	}
	o.moves(opened.Number, payment.Paid)
	return filed.Number, opened.Number
}

// moves waits until a payment has come into a state.
func (o *bureau) moves(n payment.Number, to payment.State) {
	o.t.Helper()
	if err := eventually(o.t.Context(), func() (bool, error) {
		p, _, err := o.stores.db.Payment(o.t.Context(), writer, n)
		return p.State == to, err
	}); err != nil {
		o.t.Fatalf("%s is not %s: %v", n, to, err)
	}
}

// toReturn is what the page of a case says of its one payment, and how often
// «refund» stands among what is to be done.
func toReturn(t *testing.T, one map[string]any) (p map[string]any, tasks int) {
	t.Helper()
	list := one["fee"].(map[string]any)["payments"].([]any)
	if len(list) != 1 {
		t.Fatalf("payments: %v", list)
	}
	for _, task := range one["tasks"].([]any) {
		if task.(map[string]any)["work"] == string(life.ToRefund) {
			tasks++
		}
	}
	return list[0].(map[string]any), tasks
}

// moneyIn are the lines of a case's history about its money, the newest first: who, and
// what he reads of it.
func moneyIn(one map[string]any) (lines []string) {
	for _, step := range one["history"].([]any) {
		s := step.(map[string]any)
		if s["refund"] != true {
			continue
		}
		line := "банк"
		if by, ok := s["by"].(map[string]any); ok {
			line = by["name"].(string)
		}
		for _, d := range s["details"].([]any) {
			line += "; " + d.(map[string]any)["value"].(map[string]any)["ru"].(string)
		}
		lines = append(lines, line)
	}
	return lines
}

// Who keeps an application gives back what was paid for it once it is withdrawn,
// once, and the bank being away is told in words (R-5.1.3-f). Nobody else may.
func TestAKeeperGivesMoneyBack(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	marina := o.hire(t, "money-1", "Марина", nil, staff.ApplicationRouter)
	vera := o.hire(t, "money-2", "Вера", nil, staff.ApplicationRouter)
	lidia := o.hire(t, "money-3", "Лидия", nil, staff.Supervisor)
	roman := o.hire(t, "money-4", "Роман", nil, staff.DirectionSpecialist)
	n, p := o.orders()
	marina.does(t, n, "take", nil)
	back := caseAt(n, "/payments/"+p.String()+"/refund")
	refused := func(what string, k *clerk, path string, status int, code string) {
		t.Helper()
		got, said, err := k.ask(http.MethodPost, path, map[string]string{})
		if err != nil || got != status || said["error"] != code || (strings.HasPrefix(code, "case_") || code == "unavailable") && said["said"] == nil {
			t.Errorf("%s: %d %v, %v; want %d %s", what, got, said, err, status, code)
		}
	}
	refused("nothing is owed", marina, back, http.StatusConflict, "case_not_owed")
	if _, err := o.stores.db.DoCase(t.Context(), o.click(writer), registry.Act{Number: n, Do: life.Do{Event: life.Withdraw}, By: registry.Customer}); err != nil {
		t.Fatal(err)
	}
	refused("no right", roman, back, http.StatusForbidden, "permission")
	refused("a colleague's", vera, back, http.StatusForbidden, "case_role")
	refused("no such payment", marina, caseAt(n, "/payments/4821-0937-5516/refund"), http.StatusNotFound, "not_found")
	if l := o.letter("zayavki@sesk.example", "вернуть деньги"); !strings.Contains(l.Subject, n.String()) || !strings.Contains(l.Text, "«Вернуть деньги»") {
		t.Errorf("the letter: %q\n%s", l.Subject, l.Text)
	}
	for _, k := range []*clerk{marina, vera, lidia} {
		one, err := k.must(http.MethodGet, caseAt(n), nil)
		if err != nil {
			t.Fatal(err)
		}
		if shown, tasks := toReturn(t, one); shown["owed"] != true || shown["returnable"] != (k != vera) || tasks != 1 || moneyIn(one) != nil {
			t.Errorf("%s sees %v, %d tasks and %q", k.login, shown, tasks, moneyIn(one))
		}
		list, err := k.must(http.MethodGet, "/cases?tab=refund", nil)
		if err != nil || len(list["cases"].([]any)) != 1 {
			t.Errorf("%s finds %v, %v", k.login, list, err)
		}
	}

	o.boxes.bank.Answer(http.StatusServiceUnavailable)
	refused("the bank is away", marina, back, http.StatusServiceUnavailable, "unavailable")
	asked := "Марина; 1\u202f950,00\u00a0₽; №\u00a0" + p.String()
	if one, err := marina.must(http.MethodGet, caseAt(n), nil); err != nil || !slices.Equal(moneyIn(one), []string{asked + "; банк ещё не подтвердил"}) {
		t.Errorf("asked for: %q, %v", moneyIn(one), err)
	}
	for range 2 { // pressed twice
		one, err := marina.must(http.MethodPost, back, map[string]string{})
		if err != nil {
			t.Fatal(err)
		}
		if shown, tasks := toReturn(t, one); shown["state"] != string(payment.Refunded) || shown["owed"] != false || shown["returnable"] != false || tasks != 0 {
			t.Errorf("given back: %v and %d tasks", shown, tasks)
		}
		if lines := moneyIn(one); len(lines) != 1 || !strings.HasPrefix(lines[0], asked+"; возвращены ") {
			t.Errorf("given back: %q", lines)
		}
	}
	orders := o.boxes.bank.Orders()
	if i := slices.IndexFunc(orders, func(x demobank.Order) bool { return x.Number == string(p) }); i < 0 || orders[i].State != demobank.Refunded {
		t.Errorf("the bank has %+v", orders)
	}
	lines, err := o.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CaseRefund, Limit: 10})
	if err != nil || len(lines) != 2 || lines[0].Name != "Марина" || lines[0].Subject != n.String() || lines[0].After["payment"] != p.String() {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
	if counts, err := marina.must(http.MethodGet, "/cases/counts", nil); err != nil || counts["tabs"].(map[string]any)["refund"] != 0.0 {
		t.Errorf("counted: %v, %v", counts, err)
	}

	// What the bank gives back by itself nobody of the staff has asked for.
	n, p = o.orders()
	if err := o.boxes.bank.Act(string(p), demobank.Refunded); err != nil {
		t.Fatal(err)
	}
	o.moves(p, payment.Refunded)
	one, err := lidia.must(http.MethodGet, caseAt(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	if lines := moneyIn(one); len(lines) != 1 || !strings.HasPrefix(lines[0], "банк; 1\u202f950,00\u00a0₽; №\u00a0"+p.String()+"; возвращены ") {
		t.Errorf("given back by the bank: %q", lines)
	}
}
