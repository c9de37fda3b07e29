package appeal

import (
	"slices"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

const (
	// mostFiles is how many files a field takes.
	mostFiles = appeal.MostFiles
	// mostMegabytes is how large each may be: Telegram gives bots no larger ones
	// (core.telegram.org/bots/api#getfile), and the store takes none.
	mostMegabytes = 20
)

// attach adds the files of an event to an answer; else it says why not, and keeps
// what is written under them.
func (s *scenario) attach(a *answer, t *dialog.Turn) (no dialog.Move, ok bool) {
	switch {
	case slices.ContainsFunc(t.Event.Files, func(f chat.File) bool { return !registry.Taken(f) }):
		s.keepCaption(t)
		return dialog.Refuse("field_files.kind"), false
	case slices.ContainsFunc(t.Event.Files, registry.Void):
		s.keepCaption(t)
		return dialog.Refuse("field_files.void"), false
	case len(a.Files)+len(t.Event.Files) > mostFiles:
		s.keepCaption(t)
		return dialog.Refuse("too_many_files", words.A("n", mostFiles)), false
	}
	a.Files = append(slices.Clip(a.Files), t.Event.Files...)
	return no, true
}

// takeFiles collects files until he says that these are all.
func (f field) takeFiles(t *dialog.Turn) dialog.Move {
	given := f.slot.Of(t.Answers)
	switch {
	case t.Event.Kind == dialog.Upload:
		if given.Late || given.Skipped {
			given = answer{}
		}
		if no, ok := f.attach(&given, t); !ok {
			return no
		}
		f.slot.Set(t, given)
		f.keepCaption(t)
		return dialog.Stay("field_files.more", words.A("n", len(given.Files)))
	case t.Picked == optDone && len(given.Files) > 0:
		f.slot.Set(t, given)
		return dialog.Next
	case t.Picked == optLater:
		f.slot.Set(t, answer{Late: true})
		return dialog.Next
	case t.Picked == optSkip && f.Need.Optional:
		f.slot.Set(t, answer{Skipped: true})
		return dialog.Next
	}
	return dialog.Unclear
}

// underPhotos are the types of answers that people write under a photo of what is
// asked for. Any other text under one is for whoever reads the appeal.
var underPhotos = []appeal.Type{
	appeal.Prose, appeal.Meter, appeal.Past, appeal.Moment, appeal.Months, appeal.Money, appeal.Count, appeal.Figures,
}

// takeUpload keeps files that come where none are asked for: they belong to the
// text. What is written under them may be the answer.
func (f field) takeUpload(t *dialog.Turn) dialog.Move {
	if no, ok := f.keepFiles(t); !ok {
		return no
	}
	if slices.Contains(underPhotos, f.Type) {
		if value, err := cases.Read(f.Item, t.Text, f.today(t)); err == nil {
			t.Say("attached")
			f.fill(t, value)
			return dialog.Next
		}
	}
	f.keepCaption(t)
	return dialog.Stay("attached")
}

// keepFiles adds files to the text; else it says why not.
func (s *scenario) keepFiles(t *dialog.Turn) (no dialog.Move, ok bool) {
	a := answer{Files: pending.Of(t.Answers)}
	if no, ok := s.attach(&a, t); !ok {
		return no, false
	}
	pending.Set(t, a.Files)
	return no, true
}

// keepCaption adds what is written under files to the text, or keeps it until there
// is one.
func (s *scenario) keepCaption(t *dialog.Turn) {
	if strings.TrimSpace(t.Text) == "" {
		return
	}
	slot := captions
	for _, text := range []dialog.Slot[answer]{said, fieldSlot(appeal.Body)} {
		if len(text.Of(t.Answers).Values) > 0 {
			slot = text
			break
		}
	}
	a := slot.Of(t.Answers)
	slot.Assume(t, a.with(discreet(t, joined(a, t.Text)), t.At()))
	t.Say("captioned")
}

// captioned is a text with what was written under files before it.
func captioned(t *dialog.Turn, text string) string {
	defer captions.Clear(t)
	return joined(captions.Of(t.Answers), text)
}
