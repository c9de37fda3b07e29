// Command webbuild bundles bots/web into bots/web/dist, which the program
// embeds, and prints what a browser will load. It is run from the root of the
// repository, by `make web`.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"okoshko/bots/web/bundle"
)

func main() {
	if err := run(filepath.Join("bots", "web"), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "webbuild:", err)
		os.Exit(1)
	}
}

func run(dir string, out io.Writer) error {
	files, err := bundle.Bundle(dir)
	if err != nil {
		return err
	}
	if err := bundle.Write(filepath.Join(dir, "dist"), files); err != nil {
		return err
	}
	sizes, err := bundle.Sizes(files)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		fmt.Fprintf(out, "%6d bytes gzipped  %s\n", sizes[name], name)
	}
	return nil
}
