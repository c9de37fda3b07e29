package detect

import "strings"

// mailboxes finds e-mail addresses, also with blanks around the @ or the word
// for it, names that begin with @, and pages of social networks.
func (s *scan) mailboxes() {
	for i := range s.tokens {
		t := s.at(i)
		switch {
		case t.sign("@"):
			s.mailbox(i, i+1)
		case t.has(at) && s.at(i-1).latin && s.at(i+1).latin:
			s.mailbox(i, i+1)
		case t.has(at) && s.at(i-1).sign("[(") && s.at(i+1).sign("])"):
			s.mailbox(i-1, i+2)
		case t.has(site) && s.at(i+1).sign("/") && s.at(i+1).glued:
			if to := s.handle(i + 2); to > i+2 {
				s.mark(i, to, Nick, true)
			}
		case t.is == word || t.is == digits:
			s.ownMailbox(i)
		}
	}
}

// mailbox finds the address whose @ is tokens [from, to).
func (s *scan) mailbox(from, to int) {
	start := from
	for s.mailSign(start-1) && (start == from || s.at(start).glued) {
		start--
	}
	for start < from && s.at(start).is == sign {
		start++
	}
	end, dots := to, 0
	for s.domainPart(end, to) {
		if s.at(end).sign(".") || s.at(end).has(dot) {
			dots++
		}
		// A compound may hold the point: «vk.com».
		dots += strings.Count(s.at(end).norm, ".") * btoi(s.at(end).is == word)
		end++
	}
	for end > to && s.at(end-1).is == sign {
		dots -= btoi(s.at(end - 1).sign("."))
		end--
	}
	switch {
	case start < from && dots > 0 && end > to:
		box := s.plainText(start, from) + "@" + s.plainText(to, end)
		domain := box[strings.IndexByte(box, '@'):]
		if s.d.emails[box] || s.d.emails[domain] {
			s.leave(start, end)
			return
		}
		s.mark(start, end, Email, true)
	case s.at(to).glued && end > to && !(start < from && s.at(from).glued):
		if handle := s.handle(to); handle > to {
			s.mark(from, handle, Nick, true)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mailSign reports whether token i may stand in a mailbox's name, without a
// line's end after it.
func (s *scan) mailSign(i int) bool {
	t := s.at(i)
	return (t.is == word || t.is == digits || t.sign("._%+-")) && !s.at(i+1).line
}

// domainPart reports whether token i goes on with the domain that began at to.
func (s *scan) domainPart(i, to int) bool {
	t := s.at(i)
	if t.line || t.is == barrier {
		return false
	}
	if i == to {
		return t.is == word || t.is == digits
	}
	before := s.at(i - 1)
	switch {
	case t.has(dot), before.has(dot):
		return true
	case !t.glued:
		return false
	case t.sign(".-"):
		return before.is != sign
	default:
		return t.is == word || t.is == digits
	}
}

// handle returns the end of a name that begins with token i: five letters or
// more, as the messengers ask.
func (s *scan) handle(i int) int {
	to := i
	for t := s.at(to); (t.is == word || t.is == digits || t.sign("_.")) && t.glued; t = s.at(to) {
		to++
	}
	for to > i && s.at(to-1).sign(".") {
		to--
	}
	if to == i || s.at(to-1).end-s.at(i).start < len("norma") {
		return i
	}
	return to
}

// ownMailbox finds the name of the author's mailbox without its domain.
func (s *scan) ownMailbox(i int) {
	for _, local := range s.own.locals {
		for to := i + 1; to <= i+7 && s.at(to-1).is != barrier && (to == i+1 || s.at(to-1).glued); to++ {
			if s.plainText(i, to) == local && !s.at(to).sign("@") && !s.at(to).has(at) {
				s.mark(i, to, Email, true)
				return
			}
		}
	}
}

// plainText returns the tokens' norms in a row.
func (s *scan) plainText(from, to int) string {
	var out strings.Builder
	for i := from; i < to; i++ {
		if s.at(i).has(dot) {
			out.WriteByte('.')
			continue
		}
		out.WriteString(s.at(i).norm)
	}
	return out.String()
}
