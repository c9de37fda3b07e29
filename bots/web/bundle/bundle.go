// Package bundle turns the TypeScript and the style sheets of bots/web into
// the few files that browsers load. It runs when the program is built, never
// in it: esbuild is a Go module, so a build needs no Node.
package bundle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/evanw/esbuild/pkg/api"
)

// ChunkPath is where the server offers everything but the launcher. Names
// there carry a hash of the content, so they may be kept for ever.
const ChunkPath = "/widget/"

// targets are the browsers that syntax is lowered for: those of spring 2021,
// the last that old phones and Windows 7 can have.
var targets = []api.Engine{
	{Name: api.EngineChrome, Version: "90"},
	{Name: api.EngineFirefox, Version: "90"},
	{Name: api.EngineSafari, Version: "14.1"},
}

// Bundle bundles the sources in dir, which is bots/web. The result holds
// "widget.js", the launcher, and under "widget/" the chunks that it loads when
// they are needed.
func Bundle(dir string) (fs.FS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	chat, err := build(dir, api.BuildOptions{
		EntryPoints: []string{"widget/chat.ts"},
		EntryNames:  "widget/[name]-[hash]",
		ChunkNames:  "widget/[name]-[hash]",
		Format:      api.FormatESModule,
		Splitting:   true,
	})
	if err != nil {
		return nil, fmt.Errorf("bundle the chat: %w", err)
	}
	entry := ""
	for name := range chat {
		if strings.HasPrefix(name, "widget/chat-") && strings.HasSuffix(name, ".js") {
			entry = name
		}
	}
	// The launcher is a script of the old kind: a page may carry it anywhere.
	launcher, err := build(dir, api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "widget/launcher.ts", OutputPath: "widget"}},
		Format:              api.FormatIIFE,
		Define:              map[string]string{"CHAT": strconv.Quote("/" + entry)},
	})
	if err != nil {
		return nil, fmt.Errorf("bundle the launcher: %w", err)
	}
	for name, file := range launcher {
		chat[name] = file
	}
	return chat, nil
}

func build(dir string, options api.BuildOptions) (fstest.MapFS, error) {
	options.AbsWorkingDir = dir
	options.Outdir = filepath.Join(dir, "dist")
	options.Bundle = true
	options.MinifySyntax, options.MinifyWhitespace, options.MinifyIdentifiers = true, true, true
	options.Charset = api.CharsetUTF8 // otherwise every Cyrillic letter takes six bytes
	options.Engines = targets
	options.LegalComments = api.LegalCommentsNone
	options.LogLevel = api.LogLevelSilent
	options.Plugins = []api.Plugin{sheets}
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
		out := api.Transform(string(source), api.TransformOptions{
			Loader: api.LoaderCSS, MinifySyntax: true, MinifyWhitespace: true, Charset: api.CharsetUTF8, Engines: targets,
		})
		if err := firstError(out.Errors); err != nil {
			return api.OnLoadResult{}, err
		}
		text := strings.TrimSpace(string(out.Code))
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
	})
}}

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
	if err := os.RemoveAll(filepath.Join(dir, "widget")); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
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

// Sizes returns the bytes of each file as a browser receives it, gzipped.
func Sizes(files fs.FS) (map[string]int, error) {
	sizes := map[string]int{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".js" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		sizes[name] = packed.Len()
		return nil
	})
	return sizes, err
}
