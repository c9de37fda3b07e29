package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/evanw/esbuild/pkg/api"
)

// staffTargets are the browsers of staff, whom their employer equips: those of
// spring 2022, the first that all have modal dialogs.
var staffTargets = []api.Engine{
	{Name: api.EngineChrome, Version: "100"},
	{Name: api.EngineFirefox, Version: "100"},
	{Name: api.EngineSafari, Version: "15.4"},
}

// Console bundles the staff console in dir, which is bots/web: "console.html", the page, and under
// "console/assets/" what it loads. Names there carry a hash of the content; the
// page names them as "/console/assets/…".
func Console(dir string) (fstest.MapFS, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	files, err := build(dir, api.BuildOptions{
		EntryPointsAdvanced: []api.EntryPoint{
			{InputPath: "console/main.tsx", OutputPath: "desk"},
			{InputPath: "console/console.css", OutputPath: "desk"},
		},
		EntryNames: "console/assets/[name]-[hash]",
		// What only some of the staff open is loaded when they do: import().
		Splitting: true, ChunkNames: "console/assets/[name]-[hash]",
		Format:  api.FormatESModule,
		Engines: staffTargets,
		Plugins: []api.Plugin{}, // its style sheet stays a style sheet
	})
	if err != nil {
		return nil, fmt.Errorf("bundle the console: %w", err)
	}
	icon, err := os.ReadFile(filepath.Join(dir, "console", "icon.svg"))
	if err != nil {
		return nil, fmt.Errorf("bundle the console: %w", err)
	}
	sum := sha256.Sum256(icon)
	files["console/assets/icon-"+strings.ToUpper(hex.EncodeToString(sum[:4]))+".svg"] = &fstest.MapFile{Data: icon, Mode: 0o644}

	page, err := os.ReadFile(filepath.Join(dir, "console", "index.html"))
	if err != nil {
		return nil, fmt.Errorf("bundle the console: %w", err)
	}
	places := map[string]string{".js": "{{script}}", ".css": "{{style}}", ".svg": "{{icon}}"}
	for name := range files {
		if path.Ext(name) == ".js" && !strings.HasPrefix(path.Base(name), "desk-") {
			continue // the page's script loads it
		}
		page = bytes.ReplaceAll(page, []byte(places[path.Ext(name)]), []byte("/"+name))
	}
	if at := bytes.Index(page, []byte("{{")); at >= 0 {
		return nil, fmt.Errorf("bundle the console: console/index.html names %q, which nothing fills in", page[at:at+12])
	}
	files["console.html"] = &fstest.MapFile{Data: page, Mode: 0o644}
	return files, nil
}
