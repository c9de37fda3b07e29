package webchat

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog/turn"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ raw, id, wrong string }{
		"a text":                  {`{"t":"say","id":"message-1","text":"привет"}`, "message-1", ""},
		"a text of nothing":       {`{"t":"say","id":"message-1","text":" \n"}`, "message-1", invalid},
		"the longest text":        {`{"t":"say","id":"message-1","text":"` + strings.Repeat("я", 4000) + `"}`, "message-1", ""},
		"a text over the limit":   {`{"t":"say","id":"message-1","text":"` + strings.Repeat("я", 4001) + `"}`, "message-1", tooLong},
		"a short ID":              {`{"t":"say","id":"1","text":"a"}`, "", invalid},
		"an ID with a space":      {`{"t":"say","id":"message 1","text":"a"}`, "", invalid},
		"no JSON":                 {`hello`, "", invalid},
		"an array":                {`[]`, "", invalid},
		"another type":            {`{"t":"say","id":"message-1","text":7}`, "message-1", invalid},
		"a kind of tomorrow":      {`{"t":"dance"}`, "", invalid},
		"hello":                   {`{"t":"hello","after":"12-1"}`, "", ""},
		"hello to nothing":        {`{"t":"hello","after":""}`, "", ""},
		"hello to nonsense":       {`{"t":"hello","after":"-1-x"}`, "", invalid},
		"a press":                 {`{"t":"press","id":"message-1","token":"c:menu","on":"12-1"}`, "message-1", ""},
		"a press on nothing":      {`{"t":"press","id":"message-1","token":"c:menu"}`, "message-1", invalid},
		"a long token":            {`{"t":"press","id":"message-1","token":"` + strings.Repeat("c", 65) + `","on":"1-1"}`, "message-1", invalid},
		"a place":                 {`{"t":"place","id":"message-1","latitude":55.5,"longitude":-60}`, "message-1", ""},
		"a place off the globe":   {`{"t":"place","id":"message-1","latitude":91,"longitude":0}`, "message-1", invalid},
		"half a place":            {`{"t":"place","id":"message-1","latitude":5}`, "message-1", invalid},
		"no files":                {`{"t":"files","id":"message-1","files":[]}`, "message-1", invalid},
		"eleven files":            {`{"t":"files","id":"message-1","files":["` + strings.Repeat(`12345678","`, 10) + `12345678"]}`, "message-1", tooMany},
		"a file with a path":      {`{"t":"files","id":"message-1","files":["../../etc"]}`, "message-1", unknownFile},
		"an edit of nothing":      {`{"t":"edit","id":"message-1","text":"a"}`, "message-1", invalid},
		"a phone over two lines":  {`{"t":"phone","id":"message-1","phone":"1\n2"}`, "message-1", invalid},
		"a frame over the limit":  {`{"t":"say","id":"message-1","text":"` + strings.Repeat("a", mostFrame) + `"}`, "", tooLong},
		"a language":              {`{"t":"language","id":"message-1","language":"en-GB"}`, "message-1", ""},
		"a language of no length": {`{"t":"language","id":"message-1","language":""}`, "message-1", invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, wrong := decode([]byte(tt.raw))
			if f.ID != tt.id || wrong != tt.wrong {
				t.Errorf("ID %q, %q; want %q, %q", f.ID, wrong, tt.id, tt.wrong)
			}
		})
	}
}

// What a page's address has brought is a ticket, of which the hash is kept alone, or
// names what to open, or is nothing.
func TestArrivals(t *testing.T) {
	t.Parallel()
	real, ticket := customer.NewTicket()
	for text, want := range map[string]frame{
		real.Reveal():           {ticket: ticket},
		"readings":              {start: "readings"},
		"appeal-heard-norms":    {start: "appeal-heard-norms"},
		"":                      {},
		"Readings":              {},
		"bill why":              {},
		"readings\\u0000":       {},
		strings.Repeat("a", 65): {},
		real.Reveal() + "A":     {},
	} {
		f, wrong := decode([]byte(`{"t":"arrive","id":"message-1","ticket":"` + text + `"}`))
		if wrong != "" || f.start != want.start || f.ticket != want.ticket || f.Ticket != "" {
			t.Errorf("%.10q: %q, start %q, ticket %t", text, wrong, f.start, f.ticket == want.ticket)
		}
	}
}

func TestControlCharactersAreDropped(t *testing.T) {
	t.Parallel()
	f, wrong := decode([]byte(`{"t":"say","id":"message-1","text":"a\u0000b\u001b[31m\nc\td"}`))
	if wrong != "" || f.Text != "ab[31m\nc\td" {
		t.Errorf("%q, %q", f.Text, wrong)
	}
}

// FuzzDecode: whatever comes, a frame that is taken keeps to the limits.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"t":"say","id":"message-1","text":"привет"}`))
	f.Add([]byte(`{"t":"files","id":"message-1","files":["12345678"],"text":"x"}`))
	f.Add([]byte(`{"t":"place","id":"message-1","latitude":1e400,"longitude":0}`))
	f.Add([]byte(`{"t":"hello","after":"9223372036854775807-9"}`))
	f.Add([]byte("\xff\x00{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, wrong := decode(raw)
		if got.ID != "" && wrong == "" && got.message() && !goodID(got.ID) {
			t.Errorf("ID %q was taken", got.ID)
		}
		if wrong != "" {
			return
		}
		if !utf8.ValidString(got.Text) || utf8.RuneCountInString(got.Text) > mostText || strings.ContainsRune(got.Text, 0) {
			t.Errorf("text %q was taken", got.Text)
		}
		if len(got.Files) > mostFiles || len(got.Token) > mostToken || len(got.Language) > 16 {
			t.Errorf("frame %+v was taken", got)
		}
		if got.T == "place" && (outside(*got.Latitude, 90) || outside(*got.Longitude, 180)) {
			t.Error("a place off the globe was taken")
		}
		if got.position.Revision < 0 || got.position.N < 0 {
			t.Errorf("position %s was taken", got.position)
		}
	})
}

// FuzzPoll: whatever a poll asks for, it waits no longer than it may, after a
// position that can be.
func FuzzPoll(f *testing.F) {
	f.Add([]byte(`{"after":"12-1","wait":25}`))
	f.Add([]byte(`{"after":"","wait":1e308}`))
	f.Add([]byte(`{"after":"9223372036854775808-0","wait":-1}`))
	f.Add([]byte(`[{"wait":null}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		after, wait, ok := decodePoll(raw)
		if wait < 0 || wait > longestPoll || ok && (after.Revision < 0 || after.N < 0) {
			t.Errorf("after %s, for %v", after, wait)
		}
	})
}

// FuzzSent: whatever a request brings, it is at most so many frames, and each
// is taken or refused as one of a socket is.
func FuzzSent(f *testing.F) {
	f.Add([]byte(`{"frames":[{"t":"say","id":"message-1","text":"привет"},{"t":"ping"}]}`))
	f.Add([]byte(`{"frames":[null,7,"x",[],{"t":"page","before":"0-0"}]}`))
	f.Add([]byte(`{"frames":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		sent, _ := decodeSent(raw)
		if len(sent) > mostSent {
			t.Errorf("%d frames were taken", len(sent))
		}
		for _, one := range sent {
			if got, wrong := decode(one); wrong == "" && got.message() && !goodID(got.ID) {
				t.Errorf("ID %q was taken", got.ID)
			}
		}
	})
}

func TestOnlyTheCustomersOwnIsShown(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for _, kind := range []turn.EntryKind{turn.Receipt, turn.Event, turn.Note, "tomorrow"} {
		if e, ok := shown(turn.Line{Kind: kind, At: at, Text: "secret"}); ok {
			t.Errorf("%s is shown: %+v", kind, e)
		}
	}
	e, ok := shown(turn.Line{Kind: turn.Said, At: at, Message: chat.Message{Blocks: []chat.Block{chat.Para("да")}, By: "Анна", Prompt: true}})
	if !ok || e.By != "Анна" || e.Message.By != "" || e.Message.Prompt {
		t.Errorf("shown %v, %+v", ok, e)
	}
}

func TestBucket(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	var b bucket
	r := rate{3, .5}
	for i := range 3 {
		if _, ok := b.take(r, now); !ok {
			t.Errorf("the %d. of a burst of 3 is refused", i+1)
		}
	}
	if wait, ok := b.take(r, now); ok || wait != 2*time.Second {
		t.Errorf("the 4. is taken: %v, wait %v", ok, wait)
	}
	if _, ok := b.take(r, now.Add(2*time.Second)); !ok {
		t.Error("after the wait it is refused")
	}
}
