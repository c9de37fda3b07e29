package main

import (
	"fmt"
	"strings"
	"testing"

	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/audit"
	"okoshko/dialogs/dialog/turn"
)

// A customer asks to be forgotten: the order says first what there is, erases it
// beside a server that runs, in both stores, and leaves an act; he can begin anew.
func TestErase(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	g.s.emulator.Deliver(telegramtest.Delivery{}) // a copy that came late would begin a new life
	in := &codeStage{Stage: g, s: g.s}
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)")
	environ := []string{
		"OKOSHKO_POSTGRES_URL=" + g.database, "OKOSHKO_REDIS_URL=" + g.s.config.Redis.URL.Reveal(), "OKOSHKO_DATA_DIR=" + g.s.config.Data.Dir,
	}
	erase := func(args ...string) (code int, out string) {
		t.Helper()
		code, out, said := run(t, environ, "", append([]string{"erase", "--ground", "request"}, args...)...)
		if strings.Contains(out+said, "0145201372") {
			t.Errorf("the number of the account shows: %s%s", out, said)
		}
		return code, out + said
	}
	var left string // of the conversation, when it was last looked for
	gone := func() bool {
		t.Helper()
		kept, err := g.s.stores.db.Kept(t.Context(), g.conversation())
		if err != nil {
			t.Fatal(err)
		}
		live, err := g.s.stores.live.Load(t.Context(), g.conversation())
		if err != nil {
			t.Fatal(err)
		}
		entries, err := g.s.stores.live.From(t.Context(), g.conversation(), turn.Position{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		left = fmt.Sprintf("%+v, in Redis %v", kept, live.Found)
		for _, e := range entries.Entries {
			left += fmt.Sprintf("\n%s %s %s", e.At, e.Kind, e.Body)
		}
		return kept.Messages+kept.Files+kept.Links+kept.Cases+kept.Visits == 0 && !kept.Known && !live.Found
	}

	if code, said := erase("--account", "0145201372", "--by", "dmitry"); code != 0 || !strings.Contains(said, " 1 links") || !strings.Contains(said, "Nothing was erased") || gone() {
		t.Errorf("asked what there is: exit code %d: %s", code, said)
	}
	for _, wrong := range [][]string{
		{"--account", "0145201372"},
		{"--by", "dmitry", "--sure"},
		{"--account", "0145201372", "--case", "ЖЛ-2026-1", "--by", "dmitry", "--sure"},
		{"--account", "0145201373", "--by", "dmitry", "--sure"},
		{"--case", "12", "--by", "dmitry", "--sure"},
		{"--account", "0145201372", "--by", "dmitry", "--sure", "--ground", "why not"},
	} {
		if code, said := erase(wrong...); code != exitUsage || gone() {
			t.Errorf("%v: exit code %d: %s", wrong, code, said)
		}
	}
	for _, nobody := range [][]string{
		{"--account", "0145201372", "--by", "nobody", "--sure"},
		{"--account", "0344172085", "--by", "dmitry", "--sure"},
		{"--conversation", "tg:4", "--by", "dmitry", "--sure"},
	} {
		if code, said := erase(nobody...); code != exitFailed || gone() {
			t.Errorf("%v: exit code %d: %s", nobody, code, said)
		}
	}

	if code, said := erase("--account", "0145201372", "--by", "dmitry", "--sure"); code != 0 || !strings.Contains(said, "Act 1: ") || !strings.Contains(said, "by dmitry") {
		t.Fatalf("erased: exit code %d: %s", code, said)
	}
	if !gone() {
		t.Errorf("something is left: %s", left)
	}
	lines, err := g.s.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.Erasure, Limit: 2})
	if err != nil || len(lines) != 1 || lines[0].Subject != "1" || lines[0].Conversation != "" || lines[0].Reason != "request" {
		t.Errorf("the audit has %+v, %v", lines, err)
	}
	if code, said := erase("--conversation", string(g.conversation()), "--by", "dmitry", "--sure"); code != 0 || !strings.Contains(said, "Act 2: ") {
		t.Errorf("erased again: exit code %d: %s", code, said)
	}

	if heard := acts(t, in, "Лицевой счёт"); strings.Contains(heard, "1372") {
		t.Errorf("he is known still: %s", heard)
	}
	entries, err := g.s.stores.live.From(t.Context(), g.conversation(), turn.Position{}, 100)
	if err != nil || len(entries.Entries) == 0 {
		t.Fatalf("the new conversation: %d entries, %v", len(entries.Entries), err)
	}
	for _, e := range entries.Entries {
		if strings.Contains(string(e.Body), "5093") {
			t.Error("what was said before the erasure came back")
		}
	}
}
