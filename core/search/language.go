package search

import (
	"cmp"
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed synonyms.txt
var synonymsFile string

//go:embed roles.txt
var rolesFile string

// roles are the names of roles.txt.
var roles = map[string]role{
	"ordinary": roleOrdinary, "stop": roleStop, "foreign": roleForeign, "aside": roleAside, "electric": roleElectric, "name": roleName, "ours": roleOurs,
}

// readLanguage takes in synonyms.txt and roles.txt. It panics where they say
// the same thing twice: such a fault belongs to the build.
func (l *lexicon) readLanguage() {
	for line := range lines(synonymsFile) {
		if line[0] == "near" {
			continue
		}
		concept := l.concept(line[0])
		l.terms[concept].role |= roleConcept
		for _, other := range line[1:] {
			l.means(other, concept)
		}
	}
	for line := range lines(synonymsFile) {
		if line[0] != "near" {
			continue
		}
		weight, err := strconv.ParseFloat(line[1], 32)
		if err != nil {
			panic("synonyms.txt: " + err.Error())
		}
		for _, other := range line[3:] {
			l.relate(l.concept(line[2]), l.concept(other), float32(weight))
		}
	}
	for line := range lines(rolesFile) {
		role, ok := roles[line[0]]
		if !ok {
			panic("roles.txt: unknown role " + line[0])
		}
		for _, w := range line[1:] {
			l.terms[l.concept(w)].role |= role
		}
	}
	if l.faults != nil {
		panic(strings.Join(l.faults, "\n"))
	}
	for _, list := range l.phrases {
		slices.SortStableFunc(list, func(a, b phrase) int { return cmp.Compare(len(b.rest), len(a.rest)) })
	}
}

// concept returns what an entry of the files means: a word, or a phrase whose
// words are joined by "_".
func (l *lexicon) concept(entry string) int32 {
	parts := l.parts(entry)
	if len(parts) == 1 {
		return l.terms[parts[0]].concept
	}
	if p := l.phrase(parts); p != nil {
		return p.concept
	}
	id := l.add([]byte(folded(entry)))
	l.phrases[parts[0]] = append(l.phrases[parts[0]], phrase{parts[1:], id})
	return id
}

// means makes an entry mean a concept.
func (l *lexicon) means(entry string, concept int32) {
	parts := l.parts(entry)
	if len(parts) > 1 {
		if p := l.phrase(parts); p != nil && p.concept != concept {
			l.faults = append(l.faults, "synonyms.txt: "+entry+" has two meanings")
		}
		l.phrases[parts[0]] = append(l.phrases[parts[0]], phrase{parts[1:], concept})
		return
	}
	t := &l.terms[parts[0]]
	if t.concept != parts[0] && t.concept != concept {
		l.faults = append(l.faults, "synonyms.txt: "+entry+" has two meanings")
		return
	}
	t.concept = concept
}

// parts are the terms of an entry.
func (l *lexicon) parts(entry string) []int32 {
	var out []int32
	for part := range strings.SplitSeq(entry, "_") {
		out = append(out, l.add(stem([]byte(folded(part)))))
	}
	return out
}

// phrase finds the phrase of these terms.
func (l *lexicon) phrase(parts []int32) *phrase {
	list := l.phrases[parts[0]]
	for i := range list {
		if slices.Equal(list[i].rest, parts[1:]) {
			return &list[i]
		}
	}
	return nil
}
