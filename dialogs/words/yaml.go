package words

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// file reads one language's file into texts by key. It reports whether the
// file could be read at all; faults of single texts do not count.
func (l *loader) file(lang Lang, content []byte, into map[string]version) bool {
	// Repeated keys are found by walk, which also knows a flat key that repeats
	// a nested one.
	tree, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, sentence := 0, err.Error()
		if bad := yaml.Error(nil); errors.As(err, &bad) {
			line, sentence = bad.GetToken().Position.Line, bad.GetMessage()
		}
		l.add(lang, line, "The file is not YAML: %s.", sentence)
		return false
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		l.add(lang, 0, "The file is empty or holds several documents.")
		return false
	}
	pairs, ok := mapping(tree.Docs[0].Body)
	if !ok {
		l.add(lang, 1, "The file is not a mapping of keys to texts.")
		return false
	}
	w := walk{loader: l, lang: lang, into: into}
	w.mapping("", pairs)
	return true
}

// walk visits one file.
type walk struct {
	*loader
	lang Lang
	into map[string]version
}

func (w walk) mapping(prefix string, pairs []*ast.MappingValueNode) {
	for _, pair := range pairs {
		line := pair.Key.GetToken().Position.Line
		key := prefix + pair.Key.GetToken().Value
		if !isKey(key) {
			w.add(w.lang, line, "The key %q is not made of small Latin letters, digits, underscores and dots.", key)
			continue
		}
		w.value(key, line, pair.Value)
	}
}

func (w walk) value(key string, line int, node ast.Node) {
	if pairs, ok := mapping(node); ok {
		named := 0
		for _, pair := range pairs {
			if _, ok := formNamed(pair.Key.GetToken().Value); ok {
				named++
			}
		}
		switch named {
		case 0:
			w.mapping(key+".", pairs)
		case len(pairs):
			w.plural(key, line, pairs)
		default:
			w.add(w.lang, line, "The key %q mixes plural forms with other keys.", key)
		}
		return
	}
	if list, ok := node.(*ast.SequenceNode); ok {
		w.phrases(key, line, list)
		return
	}
	if t := w.text(key, node); t != nil {
		w.put(key, version{text: t, line: line})
	}
}

func (w walk) plural(key string, line int, pairs []*ast.MappingValueNode) {
	v := version{plural: new([len(forms)]*template), line: line}
	broken := false
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		form, _ := formNamed(name)
		if v.plural[form] != nil {
			w.add(w.lang, pair.Key.GetToken().Position.Line, "The plural %q has the form %s twice.", key, name)
		}
		if v.plural[form] = w.text(key+"."+name, pair.Value); v.plural[form] == nil {
			broken = true
		}
	}
	if !broken { // what is missing because it is broken has been said
		w.checkPlural(w.lang, key, v)
	}
	w.put(key, v)
}

func (w walk) phrases(key string, line int, list *ast.SequenceNode) {
	v := version{phrases: []string{}, line: line}
	for _, item := range list.Values {
		if text, ok := stringOf(item); ok {
			v.phrases = append(v.phrases, text)
		} else {
			w.add(w.lang, item.GetToken().Position.Line, "The list %q holds something that is not text; quote it.", key)
		}
	}
	w.checkPhrases(w.lang, key, v)
	w.put(key, v)
}

// text parses the text of a node, nil if it is faulty.
func (w walk) text(key string, node ast.Node) *template {
	start := node.GetToken().Position.Line
	content, ok := stringOf(node)
	if !ok {
		w.add(w.lang, start, "The value of %q is not text; quote it.", key)
		return nil
	}
	_, block := node.(*ast.LiteralNode)
	t, flaws := parse(content)
	for _, f := range flaws {
		line := start
		if block {
			line += 1 + f.line // the text begins under its | sign
		}
		w.add(w.lang, line, "The text %q is faulty: %s.", key, f.reason)
	}
	if flaws != nil {
		return nil
	}
	return t
}

func (w walk) put(key string, v version) {
	if before, ok := w.into[key]; ok {
		w.add(w.lang, v.line, "The key %q stands on line %d already.", key, before.line)
		return
	}
	w.into[key] = v
}

// mapping returns the pairs of a mapping of any style.
func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	default:
		return nil, false
	}
}

// stringOf returns the text of a scalar that YAML takes for text; numbers,
// dates and truth values must be quoted, so that nothing is guessed.
func stringOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	default:
		return "", false
	}
}

// isKey reports whether every part of a dotted key is a name.
func isKey(key string) bool {
	for part := range strings.SplitSeq(key, ".") {
		for i := range len(part) {
			if c := part[i]; c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				return false
			}
		}
		if part == "" {
			return false
		}
	}
	return true
}
