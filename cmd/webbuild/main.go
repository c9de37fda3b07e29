// Command webbuild bundles bots/web into bots/web/dist, which the program
// embeds. It is run from the root of the repository, by `make build`.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"okoshko/bots/web/bundle"
)

func main() {
	if err := run(filepath.Join("bots", "web")); err != nil {
		fmt.Fprintln(os.Stderr, "webbuild:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	files, err := bundle.Bundle(dir)
	if err != nil {
		return err
	}
	return bundle.Write(filepath.Join(dir, "dist"), files)
}
