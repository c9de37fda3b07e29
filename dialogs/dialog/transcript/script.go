// Package transcript reads, plays and rewrites conversations kept as files that
// read like a chat. They are the bulk of the house's tests: the same file runs
// on the engine alone and on the whole server.
//
//	# a remark; "# browser" alone: played in the widget in a browser, too
//	@ 2026-11-24 10:00 ru      from now on: the time (company's zone), the client's language
//	@ +31m                     time passes; timers ring
//	> 4521                     the customer writes
//	> [Отправить]              the customer presses the newest button of that name
//	> [Отправить] old          … an older one, of a message before the newest that has it
//	> (photo) подпись          sends a photo; also (document 25MB), (document v.exe), (document a.jpg 3B), (album 3), (contact own
//	                           +79120000000), (contact foreign +7…), (location), (sticker)
//	> (code)                   writes the code that he was sent last; (code wrong) another one
//	> (edit) 4521 => 4531      changes an earlier message
//	> (token) c:bill.why:1     presses a button that somebody made up
//	> (again)                  the last event is delivered once more
//	! down readings.submit     the command cannot be carried out; "! up …" ends it
//	! operator take            somebody of the staff takes the dialog; also "return",
//	                           "close", "come" and "go"
//	! operator say Да? [Да]    he writes, with buttons; also "photo caption", "document"
//	! operator note Осторожно  he tells his colleagues
//	< Показания приняты        the bot answers; further lines are indented
//	  {счёт.pdf}               … and its files; pictures are {picture}
//	  [Меню] [Назад]           … and its buttons
//	~ Секунду, отправляю…      the toast over a pressed button
package transcript

import (
	"fmt"
	"os"
	"strings"

	"okoshko/core/chat"
)

// Act is one thing that the script makes happen, with what was heard after it.
type Act struct {
	Line  int
	Verb  byte // '@', '>', '!'
	Text  string
	Heard []string // the lines of the bot, as they stand in the file
	// lead are remarks and blank lines before the act.
	lead []string
}

// Script is a transcript file.
type Script struct {
	Path string
	Acts []Act
	tail []string
}

// Read reads a transcript file.
func Read(path string) (*Script, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := Parse(string(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.Path = path
	return s, nil
}

// Parse reads a transcript.
func Parse(text string) (*Script, error) {
	s := &Script{}
	var lead []string
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "< "), strings.HasPrefix(line, "~ "), strings.HasPrefix(line, "  "):
			if len(s.Acts) == 0 || len(lead) > 0 {
				return nil, fmt.Errorf("line %d: an answer to nothing", i+1)
			}
			act := &s.Acts[len(s.Acts)-1]
			act.Heard = append(act.Heard, line)
		case len(line) > 2 && strings.ContainsRune("@>!", rune(line[0])) && line[1] == ' ':
			s.Acts = append(s.Acts, Act{Line: i + 1, Verb: line[0], Text: line[2:], lead: lead})
			lead = nil
		case line == "" || strings.HasPrefix(line, "#"):
			lead = append(lead, line)
		default:
			return nil, fmt.Errorf("line %d: %q begins with none of # @ > ! < ~", i+1, line)
		}
	}
	s.tail = lead
	return s, nil
}

// String returns the script as its file.
func (s *Script) String() string {
	var b strings.Builder
	write := func(lines []string) {
		for _, l := range lines {
			b.WriteString(l + "\n")
		}
	}
	for _, a := range s.Acts {
		write(a.lead)
		b.WriteString(string(a.Verb) + " " + a.Text + "\n")
		write(a.Heard)
	}
	write(s.tail)
	return b.String()
}

// Marked reports whether a remark "# <mark>" stands in the file.
func (s *Script) Marked(mark string) bool {
	lines := s.tail
	for _, a := range s.Acts {
		lines = append(lines, a.lead...)
	}
	for _, l := range lines {
		if strings.TrimSpace(strings.TrimPrefix(l, "#")) == mark && l != "" {
			return true
		}
	}
	return false
}

// Heard is something that the customer is shown.
type Heard struct {
	Text    string
	Buttons []string
	// Files are the names of what came with it; they stand in braces.
	Files []string
	// Toast: Text is a short line over a pressed button.
	Toast bool
	// Edited: the text replaced that of an earlier message.
	Edited bool
}

// Picture is heard of a file that is shown, not named.
const Picture = "picture"

// FileNames are those of files, as they are heard.
func FileNames(files []chat.File) (names []string) {
	for _, f := range files {
		if f.Image {
			f.Name = Picture
		}
		names = append(names, f.Name)
	}
	return names
}

// Lines returns what was heard as it stands in a file.
func Lines(heard []Heard) []string {
	var out []string
	for _, h := range heard {
		mark := "< "
		if h.Toast {
			mark = "~ "
		}
		for _, line := range strings.Split(h.Text, "\n") {
			if line = strings.TrimRight(line, " "); line != "" || mark != "  " {
				line = mark + line
			} else {
				line = mark + "·" // a blank line would end the answer
			}
			out = append(out, line)
			mark = "  "
		}
		for _, name := range h.Files {
			out = append(out, "  {"+name+"}")
		}
		if len(h.Buttons) > 0 {
			out = append(out, "  ["+strings.Join(h.Buttons, "] [")+"]")
		}
	}
	return out
}
