package main

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// prefix begins every variable of ours; others' variables are not looked at.
const prefix = "OKOSHKO_"

// variable returns the name of the variable that sets the key at path.
func variable(path string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// key is one value of a Config: the file and the environment both set it by
// its text, so that they cannot disagree on what a text means.
type key struct {
	path  string
	value reflect.Value
}

// keys lists every key in the order of the file.
func (c *Config) keys() []key { return keysOf(reflect.ValueOf(c).Elem(), "") }

func keysOf(block reflect.Value, path string) []key {
	var found []key
	for field, value := range block.Fields() {
		name := field.Tag.Get("yaml")
		if name == "" {
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		_, isText := value.Addr().Interface().(encoding.TextUnmarshaler)
		if value.Kind() == reflect.Struct && !isText {
			found = append(found, keysOf(value, at)...)
			continue
		}
		found = append(found, key{path: at, value: value})
	}
	return found
}

// text returns the value as Print shows it: secrets mask themselves.
func (k key) text() string {
	if list, ok := k.value.Interface().([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(k.value.Interface())
}

// set reads the value from its text. The error completes "the key …" and does
// not quote the text, which may be a secret.
func (k key) set(text string) error {
	switch field := k.value.Addr().Interface().(type) {
	case *slog.Level:
		if field.UnmarshalText([]byte(text)) != nil {
			return errors.New("must be debug, info, warn or error")
		}
	case encoding.TextUnmarshaler:
		return field.UnmarshalText([]byte(text))
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("must be a length of time such as 500ms, 30m or 24h")
		}
		*field = d
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("must be a whole number")
		}
		*field = n
	case *[]string:
		*field = nil
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*field = append(*field, item)
			}
		}
	case *string:
		*field = text
	default:
		panic(fmt.Sprintf("%s: no way to read a %T", k.path, field))
	}
	return nil
}

// readEnviron sets the keys that have a variable in environ.
func readEnviron(c *Config, environ []string, p *problems) {
	byVariable := map[string]key{}
	var names []string
	for _, k := range c.keys() {
		byVariable[variable(k.path)] = k
		names = append(names, variable(k.path))
	}
	for _, pair := range environ {
		name, text, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		k, known := byVariable[name]
		if !known {
			p.say("The environment variable %s is unknown%s", name, meant(name, names))
			continue
		}
		if err := k.set(text); err != nil {
			p.add(k.path, "%v", err)
			continue
		}
		c.origin[k.path] = name
	}
}

// readYAML sets the keys that stand in a file. It walks the syntax tree itself:
// messages can name the line without showing the lines around it, where
// secrets may stand.
func readYAML(c *Config, name string, data []byte, p *problems) {
	r := yamlReader{file: name, byPath: map[string]key{}, problems: p, config: c}
	for _, k := range c.keys() {
		r.byPath[k.path] = k
		r.leaves = append(r.leaves, k.path)
		for at := range k.path {
			if block := k.path[:at]; k.path[at] == '.' && !slices.Contains(r.blocks, block) {
				r.blocks = append(r.blocks, block)
			}
		}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		var syntax yaml.Error
		if errors.As(err, &syntax) && syntax.GetToken() != nil {
			p.say("%s:%d: this is not YAML: %s", name, syntax.GetToken().Position.Line, syntax.GetMessage())
		} else {
			p.say("%s: this is not YAML", name)
		}
		return
	}
	if len(file.Docs) > 1 {
		p.say("%s: one document is expected, not %d", name, len(file.Docs))
		return
	}
	for _, document := range file.Docs {
		if document.Body != nil {
			r.block("", document.Body)
		}
	}
}

type yamlReader struct {
	file     string
	byPath   map[string]key
	leaves   []string
	blocks   []string
	problems *problems
	config   *Config
}

func (r *yamlReader) say(node ast.Node, format string, args ...any) {
	r.problems.say("%s:%d: %s", r.file, node.GetToken().Position.Line, fmt.Sprintf(format, args...))
}

// block reads the mapping at path; a block with nothing in it changes nothing.
func (r *yamlReader) block(path string, node ast.Node) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		if _, empty := node.(*ast.NullNode); !empty {
			r.say(node, "%s must be a block of keys", cmp.Or(path, "the file"))
		}
		return
	}
	for entry := mapping.MapRange(); entry.Next(); {
		at := strings.TrimPrefix(path+"."+entry.Key().GetToken().Value, ".")
		k, isKey := r.byPath[at]
		switch {
		case isKey:
			r.key(k, entry.Value())
		case slices.Contains(r.blocks, at):
			r.block(at, entry.Value())
		default:
			r.say(entry.Key(), "the key %s is unknown%s", at, meant(at, slices.Concat(r.leaves, r.blocks)))
		}
	}
}

func (r *yamlReader) key(k key, node ast.Node) {
	var err error
	switch value := node.(type) {
	case *ast.NullNode:
		return // "key:" with nothing behind it leaves the default
	case *ast.SequenceNode:
		err = r.list(k, value)
	default:
		text, ok := scalar(node)
		if !ok {
			err = errors.New("must be a plain value")
			break
		}
		err = k.set(text)
	}
	if err != nil {
		r.say(node, "%s (%s) %v", k.path, variable(k.path), err)
		return
	}
	r.config.origin[k.path] = fmt.Sprintf("%s:%d", r.file, node.GetToken().Position.Line)
}

func (r *yamlReader) list(k key, node *ast.SequenceNode) error {
	field, ok := k.value.Addr().Interface().(*[]string)
	if !ok {
		return errors.New("must be one value, not a list")
	}
	items := []string(nil)
	for _, item := range node.Values {
		text, ok := scalar(item)
		if !ok {
			return errors.New("must be a list of plain values")
		}
		items = append(items, text)
	}
	*field = items
	return nil
}

// scalar returns the text of a plain value. Anchors, aliases and tags count as
// scalars to the parser, but not to a reader of the file.
func scalar(node ast.Node) (string, bool) {
	switch value := node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", false
	case *ast.LiteralNode:
		return value.Value.GetToken().Value, true
	case ast.ScalarNode:
		return value.GetToken().Value, true
	default:
		return "", false
	}
}

// meant returns "; did you mean …?" when one of known is a slip of the finger
// away from name, "" otherwise.
func meant(name string, known []string) string {
	best, distance := "", 1+max(2, len(name)/6)
	for _, candidate := range known {
		if d := edits(name, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// edits counts the letters to insert, drop or change between a and b
// (Levenshtein's distance).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}
