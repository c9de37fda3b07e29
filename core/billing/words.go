package billing

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed words.txt
var wordsFile string

// role is what a word means to the parsers; a name of words.txt.
type role string

const (
	roleNone       role = ""
	roleHalfPeak   role = "half_peak"
	rolePeak       role = "peak"
	roleNight      role = "night"
	roleDay        role = "day"
	roleTotal      role = "total"
	roleRegister   role = "register"
	roleHalf       role = "half"
	roleTariff     role = "tariff"
	roleFirst      role = "first"
	roleSecond     role = "second"
	roleThird      role = "third"
	roleInstead    role = "instead"
	roleNot        role = "not"
	roleBefore     role = "before"
	roleUsed       role = "used"
	roleAddress    role = "address"
	roleOrdinal    role = "ordinal"
	roleCounted    role = "counted"
	roleHours      role = "hours"
	roleMinutes    role = "minutes"
	roleOrdinalEnd role = "ordinal_end"
	roleUnits      role = "units"
	roleReading    role = "reading"
	roleAccount    role = "account"
	roleMeter      role = "meter"
	rolePhone      role = "phone"
	roleMinus      role = "minus"
	roleUntil      role = "until"
	roleFrom       role = "from"
	roleTill       role = "till"
	roleAt         role = "at"
	roleCorrection role = "correction"
	roleMonth      role = "month"
	roleFiller     role = "filler"
)

// lexicon is words.txt, read.
type lexicon struct {
	exact      map[string]role
	stems      map[string]role // without the *
	longest    int             // bytes of the longest stem
	lookalikes map[rune]rune
	contract   string   // prefix as printed
	looks      []string // for each letter of it, all its looks
	receipt    string
	receipts   map[string]bool // looks of the receipt's prefix
	spoken     map[string]int  // number words
}

// words returns the lexicon; the file is read once, at the first use.
var words = sync.OnceValue(func() *lexicon {
	x := &lexicon{
		exact: map[string]role{}, stems: map[string]role{},
		lookalikes: map[rune]rune{}, receipts: map[string]bool{}, spoken: map[string]int{},
	}
	for line := range strings.Lines(wordsFile) {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		x.add(f[0], f[1:])
	}
	return x
})

// add takes in one line of words.txt.
func (x *lexicon) add(name string, list []string) {
	switch name {
	case "lookalike":
		for i := 0; i+1 < len(list); i += 2 {
			x.lookalikes[[]rune(list[i])[0]] = []rune(list[i+1])[0]
		}
	case "spoken":
		for i := 0; i+1 < len(list); i += 2 {
			n, err := strconv.Atoi(list[i+1])
			if err != nil {
				panic("words.txt: " + err.Error())
			}
			x.spoken[list[i]] = n
		}
	case "contract_prefix":
		x.contract = list[0]
	case "contract_looks":
		x.looks = list
	case "receipt_prefix":
		x.receipt = list[0]
	case "receipt_word":
		for _, w := range list {
			x.receipts[w] = true
		}
	default:
		for _, w := range list {
			table := x.exact
			if stem, ok := strings.CutSuffix(w, "*"); ok {
				w, table = stem, x.stems
				x.longest = max(x.longest, len(stem))
			}
			if _, known := table[w]; !known {
				table[w] = role(name)
			}
		}
	}
}

// role returns what a folded word means: as it is, else by its longest known
// beginning.
func (x *lexicon) role(w string) role {
	if r, ok := x.exact[w]; ok {
		return r
	}
	for n := min(len(w), x.longest); n > 0; n-- {
		if r, ok := x.stems[w[:n]]; ok {
			return r
		}
	}
	return roleNone
}
