package audit_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/audit"
	"okoshko/core/fault"
)

// book is a chain of a few lines as they were written.
func book() ([]audit.Line, audit.Mark) {
	lines := []audit.Line{
		{At: 1_795_000_000_000_000, Staff: 3, Act: "sign_in", Before: "{}", After: "{}", Address: "10.0.0.1"},
		{At: 1_795_000_001_000_000, Staff: 3, Act: "look", Conversation: "tg:1001", Before: "{}", After: "{}", Address: "10.0.0.1"},
		{At: 1_795_000_002_000_000, Act: "staff_roles", Subject: "anna", Before: `{"roles": "operator"}`, After: `{"roles": "admin"}`, Reason: "замена на отпуск"},
		{At: 1_795_000_003_000_000, Staff: 4, Act: "sign_out", Before: "{}", After: "{}"},
	}
	end := audit.Mark{}
	for i := range lines {
		lines[i].Number = int64(i + 1)
		lines[i].Hash = lines[i].Sum(end.Hash)
		end = audit.Mark{Number: lines[i].Number, Hash: lines[i].Hash}
	}
	return lines, end
}

func check(lines []audit.Line, head audit.Mark, marks ...audit.Mark) []audit.Breach {
	c := audit.Check{Marks: marks}
	for _, l := range lines {
		c.Add(l)
	}
	c.End(head)
	return c.Breaches
}

func TestChain(t *testing.T) {
	t.Parallel()
	whole, head := book()
	kept := audit.Mark{Number: 2, Hash: whole[1].Hash}
	// rewrite makes the chain whole again from a line on, as its owner could.
	rewrite := func(lines []audit.Line, from int) ([]audit.Line, audit.Mark) {
		for i := from; i < len(lines); i++ {
			lines[i].Number = int64(i + 1)
			var before []byte
			if i > 0 {
				before = lines[i-1].Hash
			}
			lines[i].Hash = lines[i].Sum(before)
		}
		last := lines[len(lines)-1]
		return lines, audit.Mark{Number: last.Number, Hash: last.Hash}
	}
	for name, c := range map[string]struct {
		spoil func([]audit.Line) ([]audit.Line, audit.Mark)
		want  []audit.Breach
	}{
		"untouched": {func(l []audit.Line) ([]audit.Line, audit.Mark) { return l, head }, nil},
		"a word changed": {func(l []audit.Line) ([]audit.Line, audit.Mark) {
			l[1].Conversation = "tg:1002"
			return l, head
		}, []audit.Breach{{Number: 2, Kind: audit.Changed}}},
		"a field moved into the next": {func(l []audit.Line) ([]audit.Line, audit.Mark) {
			l[1].Conversation, l[1].Subject = "", "tg:1001"
			return l, head
		}, []audit.Breach{{Number: 2, Kind: audit.Changed}}},
		"changed with its hash": {func(l []audit.Line) ([]audit.Line, audit.Mark) {
			l[1].Staff = 4
			l[1].Hash = l[1].Sum(l[0].Hash)
			return l, head
		}, []audit.Breach{{Number: 2, Kind: audit.Other}, {Number: 3, Kind: audit.Changed}}},
		"the first removed": {func(l []audit.Line) ([]audit.Line, audit.Mark) { return l[1:], head }, []audit.Breach{{Number: 1, Kind: audit.Missing}}},
		"one removed":       {func(l []audit.Line) ([]audit.Line, audit.Mark) { return slices.Delete(l, 2, 3), head }, []audit.Breach{{Number: 3, Kind: audit.Missing}}},
		"the last removed":  {func(l []audit.Line) ([]audit.Line, audit.Mark) { return l[:3], head }, []audit.Breach{{Number: 4, Kind: audit.Cut}}},
		"all removed": {func([]audit.Line) ([]audit.Line, audit.Mark) { return nil, head }, []audit.Breach{
			{Number: 1, Kind: audit.Cut}, {Number: 2, Kind: audit.Missing},
		}},
		"slipped in at the end": {func(l []audit.Line) ([]audit.Line, audit.Mark) {
			more := audit.Line{Number: 5, Act: "look"}
			more.Hash = more.Sum(l[3].Hash)
			return append(l, more), head
		}, []audit.Breach{{Number: 6, Kind: audit.Cut}}},
		"all written anew, but for the mark": {func(l []audit.Line) ([]audit.Line, audit.Mark) {
			l[0].Staff = 4
			return rewrite(l, 0)
		}, []audit.Breach{{Number: 2, Kind: audit.Other}}},
	} {
		lines := slices.Clone(whole)
		spoiled, end := c.spoil(lines)
		if diff := cmp.Diff(c.want, check(spoiled, end, kept)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	_, head := book()
	got, err := audit.ParseMark(" " + head.String() + "\n")
	if err != nil || got.Number != head.Number || !bytes.Equal(got.Hash, head.Hash) {
		t.Errorf("%v became %v, %v", head, got, err)
	}
	for _, text := range []string{"", "4", "4:", ":" + hex.EncodeToString(head.Hash), "0:" + hex.EncodeToString(head.Hash), "-1:ab", "4:xyz", "4:abcd", "4:" + hex.EncodeToString(head.Hash) + "00"} {
		if _, err := audit.ParseMark(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
