package customer

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"okoshko/core/chat"
)

// Purpose is what a consent is given for. Purposes are never merged: each has a
// document of its own (152-FZ, art. 9 as of 01.09.2025; spec §3.1).
type Purpose string

// The purposes.
const (
	ForLinking Purpose = "linking" // to keep which conversation belongs to which account
	ForNews    Purpose = "news"    // to be sent news
	ForVisit   Purpose = "visit"   // to be called by name and phone at a visit that was booked
)

// Document is the text of a consent, as it was shown.
type Document struct {
	Purpose Purpose
	Version int
	Lang    string // "ru" or "en"
	// Text holds paragraphs, parted by blank lines.
	Text string
	// Hash is the SHA-256 of Text, in hexadecimal.
	Hash string
}

// Blocks are the text's paragraphs, to be shown.
func (d Document) Blocks() []chat.Block {
	var out []chat.Block
	for _, p := range strings.Split(strings.TrimSpace(d.Text), "\n\n") {
		out = append(out, chat.Para(strings.Join(strings.Fields(p), " ")))
	}
	return out
}

// Given is what is kept of a consent: by whom, when and where to which text.
type Given struct {
	Purpose  Purpose           `json:"purpose"`
	Version  int               `json:"version"`
	Hash     string            `json:"hash"`
	Lang     string            `json:"lang"`
	Of       chat.Conversation `json:"-"`
	At       time.Time         `json:"-"`
	Withdraw bool              `json:"withdraw,omitempty"`
}

// Give makes of a document the consent to it.
func (d Document) Give() Given {
	return Given{Purpose: d.Purpose, Version: d.Version, Hash: d.Hash, Lang: d.Lang}
}

// Consents finds what a conversation has agreed to.
type Consents interface {
	// Consents returns the consents that are not withdrawn. The error is
	// fault.Unavailable.
	Consents(ctx context.Context, c chat.Conversation) ([]Given, error)
}

// Agreed returns the consent for a purpose.
func Agreed(list []Given, p Purpose) (Given, bool) {
	for _, g := range list {
		if g.Purpose == p {
			return g, true
		}
	}
	return Given{}, false
}

//go:embed consents/*.txt
var documents embed.FS

// current are the versions that are shown now. A changed text is a new file
// with a new version; old ones stay, since people have agreed to them.
var current = map[Purpose]int{ForLinking: 1, ForNews: 1, ForVisit: 1}

// Documents are the consents of a supplier, whose name by language stands in
// them.
type Documents map[string]string

// Text returns the document of a purpose as it is shown now; a language that
// there is none in is Russian.
func (d Documents) Text(p Purpose, lang string) Document {
	if lang != "en" {
		lang = "ru"
	}
	version := current[p]
	raw, err := documents.ReadFile(fmt.Sprintf("consents/%s.%d.%s.txt", p, version, lang))
	if err != nil {
		panic(err) // the files are part of the program, and a test reads them
	}
	text := strings.ReplaceAll(string(raw), "{company}", d[lang])
	sum := sha256.Sum256([]byte(text))
	return Document{Purpose: p, Version: version, Lang: lang, Text: text, Hash: hex.EncodeToString(sum[:])}
}
