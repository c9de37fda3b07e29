package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

const (
	module  = "okoshko/"
	warnAt  = 400 // lines of a file
	refused = 700
)

// architecture holds parsed files to the rules of architecture_test.go.
type architecture struct {
	fset     *token.FileSet
	files    []source
	failures []string
	warnings []string
}

type source struct {
	name   string // relative to the root of the repository
	folder string
	test   bool
	syntax *ast.File
}

func newArchitecture() *architecture { return &architecture{fset: token.NewFileSet()} }

func (a *architecture) fail(format string, args ...any) {
	a.failures = append(a.failures, fmt.Sprintf(format, args...))
}

// add parses a file and looks at its length.
func (a *architecture) add(name, text string) {
	lines := strings.Count(text, "\n")
	generated := strings.HasPrefix(text, "// Code generated ")
	switch {
	case generated:
	case lines > refused:
		a.fail("%s has %d lines: above %d nobody reads a file from top to bottom; split it by topic", name, lines, refused)
	case lines > warnAt:
		a.warnings = append(a.warnings, fmt.Sprintf("%s has %d lines; aim for %d", name, lines, warnAt))
	}
	if path.Ext(name) != ".go" {
		return
	}
	syntax, err := parser.ParseFile(a.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		a.fail("%s cannot be parsed: %v", name, err)
		return
	}
	test := strings.HasSuffix(name, "_test.go") || in(path.Dir(name), ofTests)
	a.files = append(a.files, source{name, path.Dir(name), test, syntax})
}

// check applies every rule to every file.
func (a *architecture) check() {
	documented := map[string]bool{}
	for _, f := range a.files {
		for _, spec := range f.syntax.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			a.checkImport(f, imported)
		}
		if f.test {
			continue
		}
		a.checkCalls(f)
		a.checkLiterals(f)
		doc := f.syntax.Doc.Text()
		name := f.syntax.Name.Name
		documented[f.folder] = documented[f.folder] ||
			(doc != "" && (name == "main" || strings.HasPrefix(doc, "Package "+name+" ")))
	}
	for _, folder := range slices.Sorted(maps.Keys(documented)) {
		if !documented[folder] {
			a.fail(`%s has no package comment "Package %s …": it is the map of the folder for a stranger`, folder, path.Base(folder))
		}
	}
	slices.Sort(a.failures)
}

// in reports whether folder lies in one of the places; "=place" is that folder
// alone.
func in(folder string, places []string) bool {
	return slices.ContainsFunc(places, func(place string) bool {
		exact, alone := strings.CutPrefix(place, "=")
		return folder == exact || (!alone && strings.HasPrefix(folder, place+"/"))
	})
}

func (a *architecture) checkImport(f source, imported string) {
	if ours, ok := strings.CutPrefix(imported, module); ok {
		a.checkArrow(f, ours)
		return
	}
	if imported == "log" && !in(f.folder, []string{"cmd"}) {
		a.fail("%s imports log: the logger is a slog.Logger, and it is given, so that personal data is masked", f.name)
	}
	// Package search puts its examples into an order that it draws from each one's own text.
	if (imported == "math/rand" || imported == "math/rand/v2") && !f.test && in(f.folder, []string{"core", "dialogs"}) && f.folder != "core/search" {
		a.fail("%s imports %s: a step draws no lots, or it could not be repeated", f.name, imported)
	}
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return // the standard library
	}
	for _, h := range homes {
		if !strings.HasPrefix(imported, h.module) {
			continue
		}
		// Tests may use what only tests may use, and what stands at home
		// above or below: a test of cmd drives Redis through its adapter.
		if !in(f.folder, h.folders) && (!f.test || len(h.folders) > 0) {
			a.fail("%s imports %s, whose home is %s: %s", f.name, imported, homeName(h), h.why)
		}
		return
	}
	a.fail("%s imports %s, which has no home: give it one in architecture_test.go, with the reason", f.name, imported)
}

func homeName(h home) string {
	if len(h.folders) == 0 {
		return "tests"
	}
	return strings.Join(h.folders, ", ")
}

func (a *architecture) checkArrow(f source, imported string) {
	if imported == "cmd" || strings.HasPrefix(imported, "cmd/") {
		a.fail("%s imports %s: programs are the end of every arrow", f.name, imported)
		return
	}
	if in(imported, []string{family(f.folder)}) || (f.test && in(imported, forTests)) {
		return
	}
	for _, arrow := range arrows {
		if !in(f.folder, []string{arrow.from}) {
			continue
		}
		if !in(imported, arrow.may) {
			a.fail("%s imports %s; %s may import %s: %s", f.name, imported,
				strings.TrimPrefix(arrow.from, "="), strings.Join(arrow.may, ", "), arrow.why)
		}
		return
	}
	a.fail("%s stands in a folder without an arrow: the house has cmd, bots, dialogs, core and adapters", f.name)
}

// family is the folder of one thing: bots/telegram with all below it.
func family(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	if len(parts) < 2 {
		return "=" + folder
	}
	return parts[0] + "/" + parts[1]
}

// banned are the names of the standard library that a folder may not use.
var banned = []struct {
	folders []string
	except  []string
	pack    string
	names   []string
	why     string
}{
	{
		[]string{"core", "dialogs"},
		// Leases, time-outs and measurements run on real time, also where the
		// demo's clock is moved.
		[]string{"dialogs/dialog/turn"},
		"time",
		[]string{"Now", "Since", "Until"},
		"time is a parameter: tests and the demo's clock set it",
	},
	{
		[]string{"core", "dialogs", "bots", "adapters"},
		nil,
		"fmt",
		[]string{"Print", "Printf", "Println"},
		"standard output belongs to the commands",
	},
	{
		[]string{"core", "dialogs", "bots", "adapters"},
		nil,
		"log/slog",
		[]string{"Debug", "Info", "Warn", "Error", "Log", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "Default", "SetDefault"},
		"the logger is given: the global one has no masks",
	},
}

// checkCalls looks for the banned names, called or handed on.
func (a *architecture) checkCalls(f source) {
	imports := map[string]string{} // name in the file → path
	for _, spec := range f.syntax.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = imported
	}
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pack, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		for _, rule := range banned {
			if in(f.folder, rule.folders) && !in(f.folder, rule.except) && imports[pack.Name] == rule.pack && slices.Contains(rule.names, selector.Sel.Name) {
				a.fail("%s uses %s.%s: %s", a.fset.Position(node.Pos()), pack.Name, selector.Sel.Name, rule.why)
			}
		}
		return true
	})
}

// checkLiterals looks for Russian words in strings; single letters, which
// parsers compare with, are no sentences.
func (a *architecture) checkLiterals(f source) {
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err == nil && strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			a.fail("%s holds Russian words: what customers read stands in catalogues, where it can be read, "+
				"translated and changed without a programmer", a.fset.Position(node.Pos()))
		}
		return true
	})
}

// TestArchitectureRules breaks each rule once and wants to hear the reason.
func TestArchitectureRules(t *testing.T) {
	t.Parallel()
	doc := func(name string) string { return "// Package " + name + " is a map.\npackage " + name + "\n" }
	long := func(lines int) string { return doc("chat") + strings.Repeat("\n", lines-2) }
	for name, row := range map[string]struct{ file, text, says string }{
		"core to engine":        {"core/chat/a.go", doc("chat") + `import _ "okoshko/dialogs/dialog"`, "core is the business"},
		"core to core":          {"core/chat/a.go", doc("chat") + `import _ "okoshko/core/fault"`, ""},
		"core to cmp":           {"core/chat/a.go", doc("chat") + `import _ "github.com/google/go-cmp/cmp"`, "made for tests"},
		"core test to cmp":      {"core/chat/a_test.go", `package chat; import _ "github.com/google/go-cmp/cmp"`, ""},
		"core to pgx":           {"core/chat/a.go", doc("chat") + `import _ "github.com/jackc/pgx/v5/pgxpool"`, "whose home is adapters/postgres: SQL stands in one folder"},
		"test to pgx":           {"cmd/okoshko/a_test.go", `package main; import _ "github.com/jackc/pgx/v5"`, "SQL stands in one folder"},
		"pgx at home":           {"adapters/postgres/pgtest/a.go", doc("pgtest") + `import _ "github.com/jackc/pgx/v5"`, ""},
		"a stranger":            {"core/chat/a.go", doc("chat") + `import _ "example.org/left-pad"`, "has no home"},
		"to cmd":                {"bots/site/a.go", doc("site") + `import _ "okoshko/cmd/okoshko"`, "end of every arrow"},
		"engine to scenario":    {"dialogs/dialog/turn/a.go", doc("turn") + `import _ "okoshko/dialogs/menu"`, "must not know a scenario"},
		"engine to words":       {"dialogs/dialog/turn/a.go", doc("turn") + `import _ "okoshko/dialogs/words"`, ""},
		"engine to engine":      {"dialogs/dialog/turn/a.go", doc("turn") + `import _ "okoshko/dialogs/dialog"`, ""},
		"scenario to scenario":  {"dialogs/menu/a.go", doc("menu") + `import _ "okoshko/dialogs/readings"`, "no other scenario"},
		"catalogue":             {"dialogs/a.go", doc("dialogs") + `import _ "okoshko/dialogs/readings"`, ""},
		"catalogue to a store":  {"dialogs/a.go", doc("dialogs") + `import _ "okoshko/adapters/redis"`, "the catalogue lists scenarios"},
		"surface to scenario":   {"bots/telegram/a.go", doc("telegram") + `import _ "okoshko/dialogs/menu"`, "written again for the next channel"},
		"surface to surface":    {"bots/telegram/a.go", doc("telegram") + `import _ "okoshko/bots/console"`, "written again for the next channel"},
		"surface to its own":    {"bots/telegram/a.go", doc("telegram") + `import _ "okoshko/bots/telegram/telegramtest"`, ""},
		"surface to catalogue":  {"bots/telegram/a.go", doc("telegram") + `import _ "okoshko/dialogs"`, ""},
		"test to emulator":      {"adapters/redis/a_test.go", `package redis; import _ "okoshko/bots/telegram/telegramtest"`, ""},
		"adapter to emulator":   {"adapters/redis/a.go", doc("redis") + `import _ "okoshko/bots/telegram/telegramtest"`, "replaced one by one"},
		"adapter to adapter":    {"adapters/redis/a.go", doc("redis") + `import _ "okoshko/adapters/local"`, "replaced one by one"},
		"redistest to testdir":  {"adapters/redis/redistest/a.go", doc("redistest") + `import _ "okoshko/adapters/testdir"`, ""},
		"a new wing":            {"services/x/a.go", doc("x") + `import _ "okoshko/core/chat"`, "without an arrow"},
		"the clock":             {"core/chat/a.go", doc("chat") + "import \"time\"\nvar x = time.Now()", "core/chat/a.go:4:9 uses time.Now: time is a parameter"},
		"the clock, renamed":    {"dialogs/menu/a.go", doc("menu") + "import wall \"time\"\nvar x = wall.Now", "time is a parameter"},
		"real time of a turn":   {"dialogs/dialog/turn/a.go", doc("turn") + "import \"time\"\nvar x = time.Now()", ""},
		"the engine's clock":    {"dialogs/dialog/a.go", doc("dialog") + "import \"time\"\nvar x = time.Now()", "time is a parameter"},
		"the clock in a bot":    {"bots/site/a.go", doc("site") + "import \"time\"\nvar x = time.Now()", ""},
		"a field named Now":     {"core/chat/a.go", doc("chat") + "var time struct{ Now int }\nvar x = time.Now", ""},
		"lots":                  {"dialogs/menu/a.go", doc("menu") + `import _ "math/rand/v2"`, "draws no lots"},
		"printing":              {"bots/site/a.go", doc("site") + "import \"fmt\"\nfunc f() { fmt.Println() }", "belongs to the commands"},
		"global logger":         {"bots/site/a.go", doc("site") + "import \"log/slog\"\nfunc f() { slog.Info(\"x\") }", "has no masks"},
		"old logger":            {"bots/site/a.go", doc("site") + `import _ "log"`, "imports log"},
		"Russian":               {"cmd/okoshko/a.go", doc("main") + `var x = "Меню"`, "stands in catalogues"},
		"Russian, escaped":      {"core/chat/a.go", doc("chat") + `var x = "\u041c\u0435\u043d\u044e"`, "stands in catalogues"},
		"Russian letter":        {"core/chat/a.go", doc("chat") + `var x = 'ё'`, ""},
		"Russian comment":       {"core/chat/a.go", doc("chat") + `var x = 1 // лицевой счёт`, ""},
		"Russian in a test":     {"core/chat/a_test.go", `package chat; var x = "Меню"`, ""},
		"no comment":            {"core/chat/a.go", "package chat", "core/chat has no package comment"},
		"another's comment":     {"core/chat/a.go", "// Here is a package.\npackage chat", "core/chat has no package comment"},
		"not Go":                {"core/chat/a.go", doc("chat") + "func", "cannot be parsed"},
		"too long":              {"core/chat/a.go", long(701), "split it by topic"},
		"long enough":           {"core/chat/a.go", long(700), ""},
		"a long style sheet":    {"bots/web/ui/a.css", strings.Repeat("\n", 701), "split it by topic"},
		"long, but generated":   {"core/chat/a.go", "// Code generated by x. DO NOT EDIT.\n\n" + long(900), ""},
		"module's cousin's way": {"cmd/okoshko/a.go", doc("main") + `import _ "okoshko/adapters/redis"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tree := newArchitecture()
			tree.add(row.file, row.text)
			tree.check()
			switch {
			case row.says == "" && len(tree.failures) > 0:
				t.Errorf("a lawful file was refused: %q", tree.failures)
			case row.says != "" && (len(tree.failures) != 1 || !strings.Contains(tree.failures[0], row.says)):
				t.Errorf("got %q, want one failure saying %q", tree.failures, row.says)
			}
		})
	}
	tree := newArchitecture()
	tree.add("core/chat/a.go", long(401))
	if len(tree.warnings) != 1 {
		t.Errorf("401 lines gave %q", tree.warnings)
	}
}
