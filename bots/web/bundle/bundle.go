// Package bundle turns the TypeScript and the style sheets of bots/web into
// the few files that browsers load. It runs when the program is built, never
// in it: esbuild is a Go module, so a build needs no Node.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/evanw/esbuild/pkg/api"
)

// targets are the browsers that syntax is lowered for: those of autumn 2021,
// which every phone still in use can have.
var targets = []api.Engine{
	{Name: api.EngineChrome, Version: "91"},
	{Name: api.EngineFirefox, Version: "91"},
	{Name: api.EngineSafari, Version: "15"},
}

// Bundle bundles the sources in dir, which is bots/web: the widget, and the
// console with "console.html" and what it loads under "console/".
func Bundle(dir string) (fs.FS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	files, err := Widget(dir)
	if err != nil {
		return nil, err
	}
	desk, err := Console(dir)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, desk)
	return files, nil
}

// modules are what the launcher and the chat load when somebody needs it. Each
// carries a copy of the few types and tables that it shares with the chat: a
// chunk of them would be one more wait for everybody who opens the chat.
var modules = []string{"chat", "en", "files", "forms", "polls", "ru", "shades"}

// Widget bundles the widget alone: "widget.js", the launcher, and the modules
// that it loads when they are needed, in a folder under "widget/" that is named
// after the hash of them all, so browsers may keep them for ever.
func Widget(dir string) (fstest.MapFS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	options := api.BuildOptions{Format: api.FormatESModule, Plugins: []api.Plugin{sheets, onDemand}}
	for _, name := range modules {
		options.EntryPoints = append(options.EntryPoints, "widget/"+name+".ts")
	}
	built, err := build(dir, options)
	if err != nil {
		return nil, fmt.Errorf("bundle the widget: %w", err)
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(built)) {
		_, _ = sum.Write(built[name].Data)
	}
	home := "/widget/" + hex.EncodeToString(sum.Sum(nil)[:4]) + "/"
	// The launcher is a script of the old kind: a page may carry it anywhere.
	files, err := build(dir, api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "widget/launcher.ts", OutputPath: "widget"}},
		Format:              api.FormatIIFE,
		Define:              map[string]string{"HOME": strconv.Quote(home)},
	})
	if err != nil {
		return nil, fmt.Errorf("bundle the launcher: %w", err)
	}
	for name, file := range built {
		files[home[1:]+name] = file
	}
	return files, nil
}

// onDemand leaves import() of a module to the browser.
var onDemand = api.Plugin{Name: "on demand", Setup: func(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: `^\./`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		name := path.Base(args.Path)
		if args.Kind != api.ResolveJSDynamicImport {
			return api.OnResolveResult{}, nil
		}
		if !slices.Contains(modules, name) {
			return api.OnResolveResult{}, fmt.Errorf("%s is no module of the widget", args.Path)
		}
		return api.OnResolveResult{Path: "./" + name + ".js", External: true}, nil
	})
}}

func build(dir string, options api.BuildOptions) (fstest.MapFS, error) {
	options.AbsWorkingDir = dir
	options.Outdir = filepath.Join(dir, "dist")
	options.Bundle = true
	options.MinifySyntax, options.MinifyWhitespace, options.MinifyIdentifiers = true, true, true
	options.Charset = api.CharsetUTF8 // otherwise every Cyrillic letter takes six bytes
	if options.Engines == nil {
		options.Engines = targets
	}
	if options.Plugins == nil {
		options.Plugins = []api.Plugin{sheets}
	}
	options.LegalComments = api.LegalCommentsNone
	options.LogLevel = api.LogLevelSilent
	result := api.Build(options)
	if err := firstError(result.Errors); err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for _, out := range result.OutputFiles {
		name, err := filepath.Rel(options.Outdir, out.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(name)] = &fstest.MapFile{Data: out.Contents, Mode: 0o644}
	}
	return files, nil
}

// sheets imports a style sheet as minified text, for a shadow root.
var sheets = api.Plugin{Name: "sheets", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		source, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		widget := filepath.Join(filepath.Dir(args.Path), "..", "widget")
		tokens, err := os.ReadFile(filepath.Join(widget, "..", "ui", "tokens.css"))
		if err != nil {
			return api.OnLoadResult{}, err
		}
		if how, user, ok := strings.Cut(args.Suffix, "="); ok {
			sheet, err := os.ReadFile(filepath.Join(widget, user))
			if err != nil {
				return api.OnLoadResult{}, err
			}
			source = palette(source, sheet, how == "?of")
		}
		source = settle(source, constants(tokens))
		out := api.Transform(string(source), api.TransformOptions{
			Loader: api.LoaderCSS, MinifySyntax: true, MinifyWhitespace: true, Charset: api.CharsetUTF8, Engines: targets,
		})
		if err := firstError(out.Errors); err != nil {
			return api.OnLoadResult{}, err
		}
		// esbuild keeps the space that a custom property's value begins with.
		text := strings.TrimSpace(strings.ReplaceAll(string(out.Code), ": ", ":"))
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
	})
}}

var (
	token   = regexp.MustCompile(`(?m)^\s*(--[\w-]+):\s*(.*);\n`)
	use     = regexp.MustCompile(`var\((--[\w-]+)\)`)
	onPages = regexp.MustCompile(`(?m)^:root.*,\n`)
)

// constants are the tokens that have one value, whatever the scheme.
func constants(tokens []byte) map[string][]byte {
	values := map[string][]byte{}
	for _, line := range token.FindAllSubmatch(tokens, -1) {
		if _, again := values[string(line[1])]; again {
			line[2] = nil
		}
		values[string(line[1])] = line[2]
	}
	maps.DeleteFunc(values, func(_ string, value []byte) bool { return value == nil })
	return values
}

// settle puts the constants into a sheet: only colours, which change with the
// scheme, are left to the browser.
func settle(sheet []byte, constants map[string][]byte) []byte {
	return use.ReplaceAllFunc(sheet, func(name []byte) []byte {
		if value, ok := constants[string(use.FindSubmatch(name)[1])]; ok {
			return value
		}
		return name
	})
}

// palette is the tokens that change with the scheme: those that a sheet uses,
// or the others. The launcher is on every page and pays for what it shows, the
// chat adds the rest. A widget has no document of its own.
func palette(tokens, sheet []byte, used bool) []byte {
	fixed := constants(tokens)
	sheet = settle(sheet, fixed)
	tokens = token.ReplaceAllFunc(tokens, func(line []byte) []byte {
		name := token.FindSubmatch(line)[1]
		_, constant := fixed[string(name)]
		if !constant && bytes.Contains(sheet, slices.Concat([]byte("var("), name, []byte(")"))) == used {
			return line
		}
		return nil
	})
	return onPages.ReplaceAll(tokens, nil)
}

func firstError(messages []api.Message) error {
	if len(messages) == 0 {
		return nil
	}
	m := messages[0]
	if m.Location == nil {
		return fmt.Errorf("esbuild: %s", m.Text)
	}
	return fmt.Errorf("%s:%d: %s", m.Location.File, m.Location.Line, m.Text)
}

// Write replaces what dir holds of an earlier bundle by this one.
func Write(dir string, files fs.FS) error {
	for _, folder := range []string{"widget", "console"} {
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
		return nil
	})
}
