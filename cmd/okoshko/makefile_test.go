package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What starts anything side by side, be it a test, is watched by the race
// detector, and what -short leaves out of that is run without it: otherwise
// `make check` would be quick because it does not look.
func TestTheMakefileRunsEverything(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	makefile := strings.ReplaceAll(string(raw), "\\\n", " ")
	variable := func(name string) string {
		_, rest, _ := strings.Cut(makefile, "\n"+name+" := ")
		value, _, _ := strings.Cut(rest, "\n")
		return strings.ReplaceAll(value, "$$", "$")
	}
	if got := variable("LATER"); got != laterRuns {
		t.Errorf("LATER is %q; the tests say %q", got, laterRuns)
	}
	var raced []string
	for _, pattern := range strings.Fields(variable("RACED")) {
		name := regexp.QuoteMeta(strings.TrimPrefix(pattern, "./"))
		raced = append(raced, strings.ReplaceAll(name, `/\.\.\.`, `(/.*)?`))
	}
	watched := regexp.MustCompile("^(" + strings.Join(raced, "|") + ")$")
	seen := 0
	err = filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return err
		}
		folder, err := filepath.Rel("../..", filepath.Dir(path))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil || !sideBySide(file) {
			return err
		}
		seen++
		if !watched.MatchString(filepath.ToSlash(folder)) {
			t.Errorf("%s starts something side by side: its folder belongs into RACED of the Makefile", path)
		}
		return nil
	})
	if err != nil || seen < 50 {
		t.Errorf("%d files start something: %v", seen, err)
	}
}

// sideBySide reports whether a file starts a goroutine: by go, or by the Go of a
// group.
func sideBySide(file *ast.File) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Go" {
				found = true
			}
		}
		return !found
	})
	return found
}
