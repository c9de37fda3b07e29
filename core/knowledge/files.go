package knowledge

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"okoshko/core/fault"
)

//go:embed articles/contents.txt articles/ru/*.md articles/en/*.md
var files embed.FS

// languages are those in which articles may stand, the source first.
var languages = []string{Source, "en"}

// Published returns the articles that are part of the program: what a new
// database begins with.
func Published() Edition {
	folder, err := fs.Sub(files, "articles")
	if err != nil {
		panic(err)
	}
	e, err := ReadFolder(folder)
	if err != nil {
		panic(err) // the files are part of the program, and tests read them
	}
	return e
}

// Edition is a whole set of articles, in the order of the table of contents,
// each followed by its translations.
type Edition struct {
	Categories []Category
	Articles   []Article
}

// ReadFolder reads a folder of articles and holds them to each other: every
// article of the table of contents is there, and no other; related articles
// exist; titles are not used twice. The error is of kind fault.Invalid and has
// one line for every mistake: "ru/readings-how.md:3: …".
func ReadFolder(folder fs.FS) (Edition, error) {
	r := reader{folder: folder, place: map[Slug]int{}, category: map[Slug]string{}}
	r.contents()
	for _, lang := range languages {
		r.language(lang)
	}
	r.translations()
	r.compare()
	slices.SortStableFunc(r.Articles, func(a, b Article) int {
		return cmp.Or(cmp.Compare(r.place[a.Slug], r.place[b.Slug]), cmp.Compare(b.Lang, a.Lang))
	})
	return r.Edition, fault.Wrap(fault.Invalid, errors.Join(r.mistakes...))
}

type reader struct {
	Edition
	folder   fs.FS
	place    map[Slug]int
	category map[Slug]string
	mistakes []error
}

func (r *reader) fail(name, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...)))
}

const contentsFile = "contents.txt"

// contents reads the table of contents: "category <id>", "ru <title>", "en
// <title>", then a slug a line; # begins a comment.
func (r *reader) contents() {
	text, err := fs.ReadFile(r.folder, contentsFile)
	if err != nil {
		r.fail(contentsFile, "%w", err)
		return
	}
	for i, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			if err := r.contentsLine(line); err != nil {
				r.fail(fmt.Sprintf("%s:%d", contentsFile, i+1), "%w", err)
			}
		}
	}
	for _, c := range r.Categories {
		for _, lang := range languages {
			if c.Titles[lang] == "" {
				r.fail(contentsFile, "the category %s has no title in %q", c.ID, lang)
			}
		}
	}
}

func (r *reader) contentsLine(line string) error {
	word, rest, titled := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if word == "category" {
		if !wordForm.MatchString(rest) || slices.ContainsFunc(r.Categories, func(c Category) bool { return c.ID == rest }) {
			return fmt.Errorf("%q names no new category", clip(rest))
		}
		r.Categories = append(r.Categories, Category{ID: rest, Titles: map[string]string{}})
		return nil
	}
	if len(r.Categories) == 0 {
		return errors.New("no category before it")
	}
	current := r.Categories[len(r.Categories)-1]
	if slices.Contains(languages, word) && titled {
		if current.Titles[word] != "" {
			return fmt.Errorf("a second title in %q", word)
		}
		current.Titles[word] = rest
		return atMost(rest, MaxTitle)
	}
	slug := Slug(word)
	if titled || !slugForm.MatchString(word) || r.place[slug] > 0 {
		return fmt.Errorf("%q is no slug, or stands twice", clip(line))
	}
	r.place[slug], r.category[slug] = len(r.place)+1, current.ID
	return nil
}

// language reads the articles of one language.
func (r *reader) language(lang string) {
	names, err := fs.Glob(r.folder, lang+"/*.md")
	if err != nil {
		r.fail(lang, "%w", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(r.folder, name)
		if err != nil {
			r.fail(name, "%w", err)
			continue
		}
		slug := Slug(strings.TrimSuffix(path.Base(name), ".md"))
		a, err := Parse(slug, lang, string(text))
		if err != nil {
			for mistake := range strings.SplitSeq(err.Error(), "\n") {
				r.mistakes = append(r.mistakes, fmt.Errorf("%s:%s", name, mistake))
			}
			continue
		}
		if r.place[slug] == 0 {
			r.fail(name, "the table of contents does not know it")
		}
		a.Category, a.Place = r.category[slug], r.place[slug]
		r.Articles = append(r.Articles, a)
	}
}

// translations gives translations what they share with their source.
func (r *reader) translations() {
	for i := range r.Articles {
		a := &r.Articles[i]
		if a.Lang == Source {
			continue
		}
		source := slices.IndexFunc(r.Articles, func(s Article) bool { return s.Slug == a.Slug && s.Lang == Source })
		if source < 0 {
			r.fail(a.Lang+"/"+string(a.Slug)+".md", "it translates nothing")
			continue
		}
		t := r.Articles[source]
		t.Lang, t.Question, t.Asks, t.Body = a.Lang, a.Question, a.Asks, a.Body
		*a = t
	}
}

// compare holds the articles to each other.
func (r *reader) compare() {
	read := map[Slug]bool{}
	titles := map[string]Slug{}
	for i := range r.Articles {
		a := &r.Articles[i]
		read[a.Slug] = true
		title := a.Lang + " " + strings.ToLower(a.Question)
		if other, taken := titles[title]; taken {
			r.fail(a.Lang+"/"+string(a.Slug)+".md", "its question is that of %s", other)
		}
		titles[title] = a.Slug
	}
	for slug := range r.place {
		if !read[slug] {
			r.fail(contentsFile, "there is no article %s", slug)
		}
	}
	for i := range r.Articles {
		for _, slug := range r.Articles[i].Related {
			if a := &r.Articles[i]; r.place[slug] == 0 && a.Lang == Source {
				r.fail(a.Lang+"/"+string(a.Slug)+".md", "there is no related article %s", slug)
			}
		}
	}
}
