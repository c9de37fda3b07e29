package turn

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
)

// cameBody is the log's record of what a customer did.
type cameBody struct {
	Kind    string      `json:"k"`
	Text    string      `json:"t,omitempty"`
	Files   []chat.File `json:"f,omitempty"`
	Foreign string      `json:"g,omitempty"`
	Label   string      `json:"l,omitempty"` // of the button that was pressed; see dialog.Outcome.Answer
	// Marks are counted when the entry is archived: see Entry.Marks.
	Marks []dialog.Mark `json:"y,omitempty"`
}

// marked stands in the body of an entry that has marks; within a customer's text
// the quotes would be escaped.
var marked = []byte(`"y":[`)

// Marks returns what is to be counted once the entry is in the archive.
func (e Entry) Marks() []dialog.Mark {
	if e.Kind != Came || !bytes.Contains(e.Body, marked) {
		return nil
	}
	var body cameBody
	if json.Unmarshal(e.Body, &body) != nil {
		return nil
	}
	return body.Marks
}

// remarkBody is the log's record of what only staff may see.
type remarkBody struct {
	Did  desk.Did     `json:"d,omitempty"`
	Text string       `json:"t,omitempty"`
	By   *desk.Member `json:"y,omitempty"`
}

// saidBody is the log's record of a reply.
type saidBody struct {
	Message chat.Message `json:"m"`
	// Replaces is the message that the reply may be put in place of, if it is
	// still the last one in the chat when it is delivered.
	Replaces string `json:"r,omitempty"`
}

// receiptBody is the log's record of what became of a reply.
type receiptBody struct {
	Position string `json:"p"`
	Fate     string `json:"s"`
	Foreign  string `json:"g,omitempty"`
	Why      string `json:"w,omitempty"`
}

func encodeEntry(p Position, k EntryKind, at time.Time, body any) (Entry, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return Entry{}, fmt.Errorf("encode entry: %w", err)
	}
	return Entry{Position: p, Kind: k, At: at, Body: raw}, nil
}

// entries writes the turn's part of the log: what came at 0, the replies from
// 1, each cut to what the channel can show.
func entries(ev dialog.Event, out dialog.Outcome, revision int64, caps chat.Caps) ([]Entry, []parcel, error) {
	var log []Entry
	var parcels []parcel
	if ev.Kind.FromCustomer() && !out.Refused {
		e, err := encodeEntry(Position{revision, 0}, Came, ev.At,
			cameBody{ev.Kind.String(), ev.Text, ev.Files, ev.Foreign, cmp.Or(out.Answer, ev.Label), out.Marks})
		if err != nil {
			return nil, nil, err
		}
		log = append(log, e)
	}
	if r := out.Remark; r != nil {
		kind := Event
		if r.Did == "" {
			kind = Note
		}
		e, err := encodeEntry(Position{revision, 0}, kind, ev.At, remarkBody{r.Did, r.Text, r.By})
		if err != nil {
			return nil, nil, err
		}
		log = append(log, e)
	}
	for _, said := range out.Said {
		for i, part := range chat.Fit(said, caps) {
			body := saidBody{Message: part}
			if i == 0 && said.Prompt && caps.Edit && ev.Kind == dialog.Press {
				body.Replaces = ev.Foreign
			}
			p := Position{revision, len(parcels) + 1}
			e, err := encodeEntry(p, Said, ev.Now, body)
			if err != nil {
				return nil, nil, err
			}
			log = append(log, e)
			parcels = append(parcels, parcel{position: p, saidBody: body})
		}
	}
	return log, parcels, nil
}

// parcel is a reply and its place in the log.
type parcel struct {
	position Position
	saidBody
	unreadable bool // nobody can ever send it
}

func parcelsOf(log []Entry) []parcel {
	out := make([]parcel, 0, len(log))
	for _, e := range log {
		p := parcel{position: e.Position}
		p.unreadable = json.Unmarshal(e.Body, &p.saidBody) != nil
		out = append(out, p)
	}
	return out
}

// remembered is how many event IDs a conversation keeps: 16 proved too few
// against redelivery shortly after the answer.
const remembered = 64

// seenAt finds the revision that took the event.
func seenAt(seen, id string) (revision int64, ok bool) {
	at := strings.Index(seen, fingerprint(id))
	if at < 0 {
		return 0, false
	}
	revision, err := strconv.ParseInt(seen[strings.LastIndexByte(seen[:at], '\n')+1:at], 36, 64)
	return revision, err == nil
}

// remember adds an event to those seen and forgets the oldest.
func remember(seen string, revision int64, id string) string {
	if n := strings.Count(seen, "\n"); n >= remembered {
		_, seen, _ = strings.Cut(seen, "\n")
	}
	return seen + strconv.FormatInt(revision, 36) + fingerprint(id)
}

// fingerprint is how an event's ID stands at the end of its line: 66 bits of
// its SHA-256, since every turn carries all of them to the store and back. That
// another event looks the same happens once in 2^60, and nobody can arrange it
// for a conversation but his own.
func fingerprint(id string) string {
	sum := sha256.Sum256([]byte(id))
	return " " + base64.RawURLEncoding.EncodeToString(sum[:9])[:11] + "\n"
}
