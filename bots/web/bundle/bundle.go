// Package bundle turns the TypeScript and the style sheets of bots/web into
// the few files that browsers load. It runs when the program is built, never
// in it: esbuild is a Go module, so a build needs no Node.
package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
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

// panels are what the chat loads when somebody needs it. Each carries a copy of
// the few helpers that it shares with the chat: a chunk of them would be one
// more wait for everybody who opens the chat.
var panels = []string{"files", "forms", "polls", "shades"}

// Widget bundles the widget alone: "widget.js", the launcher, and under
// "widget/" the modules that it loads when they are needed. Their names carry a
// hash of the content, so browsers may keep them for ever.
func Widget(dir string) (fstest.MapFS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	files, built := fstest.MapFS{}, map[string]string{}
	for _, name := range slices.Concat(panels, []string{"ru", "en", "chat"}) {
		module, err := build(dir, api.BuildOptions{
			EntryPoints: []string{"widget/" + name + ".ts"},
			EntryNames:  "widget/[name]-[hash]",
			Format:      api.FormatESModule,
			Plugins:     []api.Plugin{sheets, loaded(built)},
		})
		if err != nil {
			return nil, fmt.Errorf("bundle the widget's %s: %w", name, err)
		}
		for path := range module {
			built[name] = path
		}
		maps.Copy(files, module)
	}
	paths := map[string]string{}
	for _, name := range []string{"chat", "ru", "en", "shades"} {
		paths[name] = "/" + built[name]
	}
	names, err := json.Marshal(paths)
	if err != nil {
		return nil, fmt.Errorf("bundle the launcher: %w", err)
	}
	// The launcher is a script of the old kind: a page may carry it anywhere.
	launcher, err := build(dir, api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "widget/launcher.ts", OutputPath: "widget"}},
		Format:              api.FormatIIFE,
		Define:              map[string]string{"BUNDLES": string(names)},
	})
	if err != nil {
		return nil, fmt.Errorf("bundle the launcher: %w", err)
	}
	maps.Copy(files, launcher)
	return files, nil
}

// loaded leaves import() of a panel to the browser, under the panel's address.
func loaded(built map[string]string) api.Plugin {
	return api.Plugin{Name: "panels", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\./`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind != api.ResolveJSDynamicImport {
				return api.OnResolveResult{}, nil
			}
			name, ok := built[path.Base(args.Path)]
			if !ok {
				return api.OnResolveResult{}, fmt.Errorf("%s is no panel", args.Path)
			}
			return api.OnResolveResult{Path: "./" + path.Base(name), External: true}, nil
		})
	}}
}

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
		if how, user, ok := strings.Cut(args.Suffix, "="); ok {
			sheet, err := os.ReadFile(filepath.Join(filepath.Dir(args.Path), "..", "widget", user))
			if err != nil {
				return api.OnLoadResult{}, err
			}
			source = tokens(source, sheet, how == "?of")
		}
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

var token = regexp.MustCompile(`(?m)^\s*(--[\w-]+):.*;\n`)

// tokens leaves those that a sheet uses, or the others: the launcher is on every
// page and pays for what it shows, the chat adds the rest.
func tokens(source, sheet []byte, used bool) []byte {
	return token.ReplaceAllFunc(source, func(line []byte) []byte {
		name := token.FindSubmatch(line)[1]
		if bytes.Contains(sheet, append(append([]byte("var("), name...), ')')) == used {
			return line
		}
		return nil
	})
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
