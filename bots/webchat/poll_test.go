package webchat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"okoshko/bots/webchat/webtest"
)

// A page that polls over a line which keeps breaking gets a long backlog in
// parts: each small enough to arrive, together whole and in order.
func TestABacklogIsPolledInParts(t *testing.T) {
	t.Parallel()
	h := start(t)
	fail := func(err error) { t.Error(err) }
	tab := webtest.NewTab(*h.browser(""), fail)
	if _, err := tab.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, err := tab.Send(t.Context(), webtest.Say("message-0", "начало"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range first {
		tab.Hear(f)
	}
	const said = 60
	var all []webtest.Message
	for i := range said {
		all = append(all, webtest.Say(fmt.Sprintf("message-%d", i+1), fmt.Sprint(i)+strings.Repeat(" длинно", 40)))
	}
	if _, err := tab.Send(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	behind := tab.Another(tab.Base) // it has seen the first words alone
	opening, err := behind.Poll(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if last := opening[len(opening)-1]; last.T != "live" || !last.More {
		t.Errorf("the first part of the last page ends with %+v", last)
	}
	polls := 0
	for frames := opening; ; polls++ {
		size := 0
		for _, f := range frames {
			if f.T == "entry" {
				raw, err := json.Marshal(f.Entry)
				if err != nil {
					t.Fatal(err)
				}
				size += len(raw)
			}
			behind.Hear(f)
		}
		if size > 10<<10 { // as we write them again, a little longer than they came
			t.Errorf("an answer of %d bytes", size)
		}
		if frames, err = behind.Poll(t.Context(), behind.After(), 0); err != nil {
			t.Fatal(err)
		}
		if len(frames) == 1 { // live
			break
		}
	}
	if polls < 3 {
		t.Errorf("some 30 KiB came in %d polls", polls)
	}
	view := behind.View()
	for i, e := range view.Entries {
		if i > 0 && e.Position <= view.Entries[i-1].Position {
			t.Errorf("%s after %s", e.Position, view.Entries[i-1].Position)
		}
	}
	if n := len(view.Entries); n < 50 || !strings.HasPrefix(view.Entries[n-2].Text, fmt.Sprint(said-1)+" ") {
		t.Errorf("%d entries, the last of the customer's is %.20q", n, view.Entries[n-2].Text)
	}
}
