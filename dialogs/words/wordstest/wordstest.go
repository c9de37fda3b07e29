// Package wordstest proves that a scenario's code and its words agree: no key
// is said that does not exist, none exists that nobody says, and every
// placeholder gets its argument. Tests import it, nothing else does.
package wordstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"okoshko/dialogs/words"
)

// Check reads the Go files of the folder, tests apart, and fails t for
//
//   - a key that Say, Line, Phrases or Matches is called with, as a literal or
//     a constant of the package, and that the catalogue has not
//   - a key that no string in the code equals and derived does not name
//   - arguments of such a call, given as words.A("name", …), that lack a
//     placeholder of the text or fill none
//
// Derived names the keys that the code puts together, such as "zone.*" for
// "zone." + name; one that names nothing fails too. Say and Line are found by
// name, as functions and as methods of anything; their key is the first
// argument or, after a language, the second.
func Check(t testing.TB, c *words.Catalogue, folder string, derived ...string) {
	t.Helper()
	code, err := read(folder)
	if err != nil {
		t.Fatalf("read the code of %s: %v", folder, err)
	}
	for _, problem := range code.problems(c, derived) {
		t.Error(problem)
	}
}

// code is what matters of a package's source.
type code struct {
	files     *token.FileSet
	constants map[string]string   // of strings, by name
	literals  map[string]struct{} // all strings
	calls     []*ast.CallExpr     // of speakers
}

// speakers are the functions that take keys, and the place where it stands at
// the latest: a language may come before it.
var speakers = map[string]int{"Say": 1, "Line": 1, "Phrases": 1, "Matches": 0}

func read(folder string) (*code, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	c := &code{files: token.NewFileSet(), constants: make(map[string]string), literals: make(map[string]struct{})}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(c.files, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, c.visit)
	}
	return c, nil
}

func (c *code) visit(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.GenDecl:
		return n.Tok != token.IMPORT
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				if text, ok := literal(n.Values[i]); ok {
					c.constants[name.Name] = text
				}
			}
		}
	case *ast.BasicLit:
		if text, ok := literal(n); ok {
			c.literals[text] = struct{}{}
		}
	case *ast.CallExpr:
		if _, ok := speakers[called(n)]; ok {
			c.calls = append(c.calls, n)
		}
	}
	return true
}

// called returns the bare name of the function that is called.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

func literal(node ast.Expr) (string, bool) {
	lit, ok := node.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// text returns the string that an expression surely is.
func (c *code) text(node ast.Expr) (string, bool) {
	if name, ok := node.(*ast.Ident); ok {
		text, ok := c.constants[name.Name]
		return text, ok
	}
	return literal(node)
}

// key returns the key of a speaker's call and the place after it.
func (c *code) key(call *ast.CallExpr) (key string, next int, ok bool) {
	for i := 0; i <= speakers[called(call)] && i < len(call.Args); i++ {
		if text, ok := c.text(call.Args[i]); ok && !isLang(text) {
			return text, i + 1, true
		}
	}
	return "", 0, false
}

func isLang(text string) bool { return text == string(words.RU) || text == string(words.EN) }

func (c *code) problems(catalogue *words.Catalogue, derived []string) []string {
	var found []string
	for _, call := range c.calls {
		key, next, ok := c.key(call)
		if !ok {
			continue
		}
		at := c.files.Position(call.Pos())
		at.Filename = filepath.Base(at.Filename)
		if !catalogue.Has(key) {
			found = append(found, fmt.Sprintf("%s: The key %q is not in the catalogue.", at, key))
		} else if names, ok := c.argNames(call, next); ok {
			for _, problem := range compare(key, catalogue.Args(key), names) {
				found = append(found, fmt.Sprintf("%s: %s", at, problem))
			}
		}
	}
	return append(found, c.unused(catalogue.Keys(), derived)...)
}

// unused compares the keys of the catalogue with what the code could say.
func (c *code) unused(keys, derived []string) []string {
	var found []string
	for _, pattern := range derived {
		if !slices.ContainsFunc(keys, func(key string) bool { return names(pattern, key) }) {
			found = append(found, fmt.Sprintf("The derived key %q is not in the catalogue.", pattern))
		}
	}
	for _, key := range keys {
		_, said := c.literals[key]
		if !said && !slices.ContainsFunc(derived, func(pattern string) bool { return names(pattern, key) }) {
			found = append(found, fmt.Sprintf("The key %q of the catalogue is never said.", key))
		}
	}
	return found
}

// names reports whether a derived key, perhaps ending in *, names the key.
func names(pattern, key string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(key, prefix)
	}
	return pattern == key
}

// argNames returns the names of the arguments from the place on, if each of
// them is written there as A("name", …).
func (c *code) argNames(call *ast.CallExpr, next int) ([]string, bool) {
	name := called(call)
	if call.Ellipsis.IsValid() || name != "Say" && name != "Line" {
		return nil, false
	}
	var given []string
	for _, arg := range call.Args[next:] {
		made, ok := arg.(*ast.CallExpr)
		if !ok || called(made) != "A" || len(made.Args) == 0 {
			return nil, false
		}
		text, ok := c.text(made.Args[0])
		if !ok {
			return nil, false
		}
		given = append(given, text)
	}
	return given, true
}

func compare(key string, needed, given []string) []string {
	var found []string
	for _, name := range needed {
		if !slices.Contains(given, name) {
			found = append(found, fmt.Sprintf("The text %q is said without its argument %q.", key, name))
		}
	}
	for _, name := range given {
		if !slices.Contains(needed, name) {
			found = append(found, fmt.Sprintf("The text %q has no place for the argument %q.", key, name))
		}
	}
	return found
}
