package dialogs_test

import (
	"cmp"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

// street is a neighbourhood without a memory: every account exists, every proof
// holds, and submissions are judged by the real rules.
type street struct{}

func (street) meter() billing.Meter {
	return billing.Meter{ID: 1, Serial: "011845093", Digits: 6, Registers: billing.Registers(2)}
}

func (s street) Check(_ context.Context, c customer.Claim) (billing.Account, customer.Verdict, error) {
	return billing.Account{Number: c.Number, House: "5", Meters: []billing.Meter{s.meter()}}, customer.Proven, nil
}

func (s street) Intake(_ context.Context, n billing.AccountNumber, _ billing.MeterID) (billing.Intake, error) {
	return billing.Intake{Account: billing.Account{Number: n, Meters: []billing.Meter{s.meter()}}, Meter: s.meter()}, nil
}

func (s street) SubmitReadings(ctx context.Context, e dialog.Effect, sub billing.Submission) (billing.Accepted, error) {
	in, err := s.Intake(ctx, sub.Account, sub.Meter)
	if err != nil {
		return billing.Accepted{}, err
	}
	in.At, in.Zone, in.AsEntered = sub.At, zone, sub.AsEntered
	j := in.Judge(sub.Entries...)
	if j.Action != billing.Accept {
		return billing.Accepted{Refused: j.Case}, nil
	}
	return billing.Accepted{Slip: billing.Slip{Receipt: "1", At: e.At, Account: sub.Account, Period: j.Period}}, nil
}

func (street) KeepEvidence(_ context.Context, e dialog.Effect, _ billing.AccountNumber, _ []chat.File) (billing.Evidence, error) {
	return billing.Evidence{IDs: []string{e.ID}}, nil
}

func (street) SentReadings(context.Context, chat.Conversation, int) ([]billing.Slip, error) {
	return nil, nil
}

func scenarios() []*dialog.Scenario {
	return dialogs.Scenarios(dialogstest.NewBureau().Serve(dialogs.Ports{
		Guests: street{}, Meters: street{}, Desk: street{}, Sent: street{},
		Staff: transcript.NewWindow(), Hours: transcript.Hours(zone),
	}), zone)
}

func newBook(t testing.TB) *dialog.Book {
	t.Helper()
	book, err := dialog.NewBook(dialog.House{
		Zone: zone, Phone: "8 800 000-01-01", RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour, Largest: 20 << 20,
		Company: map[words.Lang]string{words.RU: "Сбыт", words.EN: "Power"},
		Hours:   map[words.Lang]string{words.RU: "с 8 до 20", words.EN: "8 to 20"},
	}, scenarios()...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// The catalogue is drawn as it is walked; a change of it shows in review.
func TestDiagrams(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		transcript.Golden(t, filepath.Join("testdata", s.Name+".mmd"), s.Diagram())
	}
	drawn, err := filepath.Glob("testdata/*.mmd")
	if err != nil || len(drawn) != len(scenarios()) {
		t.Errorf("%d diagrams of %d scenarios (%v)", len(drawn), len(scenarios()), err)
	}
}

// derived names the keys that each folder's code puts together instead of
// naming them, beside those that the engine makes of declared names.
var derived = map[string][]string{
	"account": {
		"again.*", "agree.news", "benefit.*", "bills.method.*", "done.*", "ended.*", "group.*", "plan.*", "purpose.*", "show.*", "tax.*", "told.*",
		"vouched.*", "withdraw.*", "zone.*",
	},
	"bill": {"kind.*", "chart.method.*", "chart.month.*", "cause.*", "method.*", "reason.*", "why.first", "why.more", "why.less", "why.same", "lines.common", "lines.service"},
	"calculator": {
		"after_linked.*", "after_linked_one.*", "after_one.*", "before_one.*", "kwh_one.*", "way_linked.*",
	},
	"cases":     {"done.*", "event.*", "found.answered.*", "found.need_info.*", "found.scheduling.*", "next.*", "refused.*", "state.*", "told.*"},
	"carry":     {"from.*", "made.*", "open.*", "told.*"},
	"menu":      {"language.ru", "language.en", "assent.*", "greeting.heard", "identity.*", "parting.*", "presence.*", "thanks.*"},
	"operator":  {"leave.back"},
	"payment":   {"ahead.*", "told.*", "service.refused.*", "service.told.*"},
	"questions": {"for.fl", "for.ul", "own.fl", "own.ul", "theirs.emergency", "theirs.housing_inspection"},
	"appeal": {
		"account.*", "account_linked.*", "answer.*", "category_list.*", "category_named.*", "category_unfound.*",
		"field.*", "field_body.*", "field_files.*", "field_service.*",
		"registered.*", "service.*", "stems.*", "summary.*", "territory.*",
	},
	"visit": {
		"cancel.of", "move.of", "day_none.*", "office_near.*", "day.calendar.*", "refused.*", "tidings.*", "elsewhere", "nowhere",
	},
	"tariffs": {"plan.*", "power.*", "range.1", "range.2", "range.3"},
	"readings": {
		"account.early", "proof.early", "meter.early", "case.*", "doubt.*", "in.*", "option.*", "remark.*", "title.*",
		"value.reading_*", "value.which", "values.*", "zone.*", "account_contract.again", "account_contract.ask", "account_linked.*", "meter_linked.*", "value_linked.*", "values_linked.*",
	},
}

// declared are the keys that the engine makes of a scenario's declaration: see
// dialog.Scenario, dialog.Command, dialog.Question.
func declared(s *dialog.Scenario) []string {
	keys := []string{"label", "phrases", "opens", "summary.ask"}
	for _, c := range s.Commands {
		keys = append(keys, c.Name+".label", c.Name+".phrases", c.Name+".opens")
	}
	if s.Form != nil {
		for _, q := range s.Form.Questions {
			name := cmp.Or(q.Key, q.Slot)
			keys = append(keys, name+".ask", name+".again", name+".help", name+".label")
			if q.Options == nil {
				continue
			}
			for _, key := range s.Words.Keys() { // its choices: see dialog.Options
				if strings.HasPrefix(key, name+".") {
					keys = append(keys, key)
				}
			}
		}
	}
	return slices.DeleteFunc(keys, func(key string) bool { return !s.Words.Has(key) })
}

// Every key is said, and every key that is said exists, in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		wordstest.Check(t, s.Words, s.Name, slices.Concat(declared(s), derived[s.Name])...)
		labelsFit(t, s.Name, s.Words)
	}
}

// The engine's own words: some keys are names put together, the others stand
// in its code.
func TestWordsOfTheEngine(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load(os.DirFS("dialog"))
	if err != nil {
		t.Fatal(err)
	}
	labelsFit(t, "dialog", catalogue)
	paths, err := filepath.Glob("dialog/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path) //nolint:gosec // our own code
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			code.Write(text)
		}
	}
	for _, key := range catalogue.Keys() {
		if family, _, _ := strings.Cut(key, "."); slices.Contains([]string{"label", "word", "opens", "phrase", "unclear", "unexpected", "consent"}, family) {
			continue
		}
		if !strings.Contains(code.String(), strconv.Quote(key)) {
			t.Errorf("the key %s is never said", key)
		}
	}
}

// labelsFit holds labels to what a telephone shows of a button.
func labelsFit(t *testing.T, folder string, catalogue *words.Catalogue) {
	t.Helper()
	for _, key := range catalogue.Keys() {
		if key != "label" && !strings.HasPrefix(key, "label.") && !strings.HasSuffix(key, ".label") && !strings.HasPrefix(key, "option.") {
			continue
		}
		for _, lang := range []words.Lang{words.RU, words.EN} {
			if n := utf8.RuneCountInString(catalogue.Line(lang, key)); n > 64 {
				t.Errorf("%s: the label %s has %d characters", folder, key, n)
			}
		}
	}
}

// What customers read stands in catalogues. In code no string is Cyrillic, and
// none is an English sentence: a capital, spaces, a full stop.
func TestNoSentencesInCode(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "words/") || // speaks to programmers, about catalogues
			strings.HasSuffix(filepath.Dir(path), "test") || filepath.Base(filepath.Dir(path)) == "transcript" { // to tests
			return err
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err == nil && sentence(text) {
					t.Errorf("%s: %q belongs in a catalogue", set.Position(lit.Pos()), text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files were read (%v)", files, err)
	}
}

func sentence(text string) bool {
	for _, r := range text {
		if unicode.Is(unicode.Cyrillic, r) {
			return true
		}
	}
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(first) && strings.Contains(text, " ") && strings.HasSuffix(text, ".")
}

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Меню": true, "Your reading is taken.": true, "load state: %w": false, "SELECT 1": false, "": false,
	} {
		if sentence(text) != want {
			t.Errorf("%q: got %v", text, !want)
		}
	}
}

// Random customers of the whole catalogue: see transcript.Wander for what must
// hold.
func TestRandomConversations(t *testing.T) {
	t.Parallel()
	texts := []string{
		"/start", "/readings", "/my", "меню", "назад", "отмена", "оператор", "передать показания", "english", "русский",
		"0145201372", "0145201372 14800", "0203118468 5190 12420", "5093", "дом 5 квартира 12", "14920", "Т1 100 Т2 200", "ночь 5100",
		"да", "нет", "1", "2", "3", "999999", "9999999999", "-5", "100,5", "", "\x00", strings.Repeat("9", 5000), "что?", "/nosuch",
	}
	book := newBook(t)
	for seed := range uint64(30) {
		transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 2)), 120, texts) //nolint:gosec // a repeatable walk
	}
}

// Messengers list commands under names and descriptions of their own limits
// (core.telegram.org/bots/api#botcommand).
func TestSlashCommands(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.RU, words.EN} {
		list := newBook(t).SlashCommands(lang)
		if len(list) == 0 {
			t.Errorf("no commands in %s", lang)
		}
		for _, c := range list {
			if n := len(c.Name); n < 1 || n > 32 || strings.ContainsFunc(c.Name, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
				t.Errorf("/%s is no name of a command", c.Name)
			}
			if n := utf8.RuneCountInString(c.Description); n < 3 || n > 256 {
				t.Errorf("/%s: %q is no description", c.Name, c.Description)
			}
		}
	}
}

// Whatever free text may lead to has examples, and each is said for one thing.
func TestOpenings(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	meant := map[string]string{}
	names := map[string]bool{}
	for _, o := range dialog.Openings(book.Scenarios()...) {
		names[o.Name] = true
		for _, phrase := range o.Phrases {
			normal := words.Normalise(phrase)
			if other, ok := meant[normal]; ok {
				t.Errorf("%q leads to %s and to %s", phrase, other, o.Name)
			}
			meant[normal] = o.Name
		}
	}
	for _, name := range []string{"back", "cancel", "menu", "operator", "readings", "readings.mine"} {
		if !names[name] {
			t.Errorf("nothing leads to %s", name)
		}
	}
}
