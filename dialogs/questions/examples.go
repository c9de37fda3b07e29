package questions

import (
	"embed"
	"io/fs"
	"path"
	"strings"

	"okoshko/core/knowledge"
)

// exampleFiles hold what customers write about each topic: "== <slug>", then a
// message a line; those of wishFile what they write who want something opened:
// "== <name of dialog.Opening>"; those of foreignFile what is no matter of ours, and
// those of theirFile whose it is: "== <kind of knowledge.Link>". The search is as
// good as they are many and lifelike.
//
//go:embed examples/*.txt
var exampleFiles embed.FS

const (
	wishFile    = "wishes.txt"
	foreignFile = "foreign.txt"
	theirFile   = "theirs.txt"
)

// examples are messages that an ear learns from.
type examples struct {
	named   map[string][]string // by the name under which they are heard
	foreign []string            // no matter of ours
	theirs  []theirs
}

// theirs is a message that is a matter of an organisation of that kind.
type theirs struct{ kind, text string }

// readExamples reads exampleFiles. An ear is seldom made: between times their 3 MiB
// need not be kept.
func readExamples(files fs.FS) (e examples) {
	e.named = map[string][]string{}
	names, err := fs.Glob(files, "examples/*.txt")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		var heading string
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if title, ok := strings.CutPrefix(line, "== "); ok {
				heading = title
				continue
			}
			switch file := path.Base(name); {
			case line == "" || line[0] == '#':
			case file == foreignFile:
				e.foreign = append(e.foreign, line)
			case file == theirFile:
				e.theirs = append(e.theirs, theirs{heading, line})
			case file == wishFile:
				e.named[heading] = append(e.named[heading], line)
			default:
				heard := ArticleName(knowledge.Slug(heading))
				e.named[heard] = append(e.named[heard], line)
			}
		}
	}
	return e
}
