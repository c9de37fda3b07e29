package detect

import "strings"

// longestBox is how many tokens a mailbox's name and its domain have at most: how
// far one sign @ is looked around.
const longestBox = 16

// mailboxes finds e-mail addresses, also with blanks around their signs or words
// for them, names that begin with @, pages of social networks and names in them.
func (s *scan) mailboxes() {
	for i := range s.tokens {
		t := s.at(i)
		switch {
		case t.sign("@"):
			s.mailbox(i, i+1)
		case t.has(at) && s.at(i-1).sign("[(") && s.at(i+1).sign("])"):
			s.mailbox(i-1, i+2)
		case t.has(at):
			s.mailbox(i, i+1)
		case t.has(site):
			s.page(i)
		case t.has(messenger):
			s.nickAfter(i)
		case t.is == word || t.is == digits:
			s.ownMailbox(i)
		}
	}
}

// mailbox finds the address whose @ is tokens [from, to). A word for it is one only
// before a domain that ends as they do, or amid Latin letters: dogs are spoken of,
// too.
func (s *scan) mailbox(from, to int) {
	start := s.mailName(from)
	end, dotted, zoned := s.domain(to)
	latin := s.at(from-1).latin && s.at(to).latin
	switch {
	case start < from && dotted && (zoned || latin || !s.at(from).has(at)):
		domain := "@" + s.plainText(to, end)
		if s.d.emails[s.plainText(start, from)+domain] || s.d.emails[domain] {
			s.leave(start, end)
			return
		}
		s.mark(start, end, Email, true)
	case s.at(from).sign("@") && s.at(to).glued && end > to && !(start < from && s.at(from).glued):
		if handle := s.handle(to); handle > to && s.d.nicks[s.plainText(to, handle)] {
			s.leave(from, handle)
		} else if handle > to {
			s.mark(from, handle, Nick, true)
		}
	}
}

// mailName returns the beginning of the mailbox's name that ends before token from,
// or from: «ivanova.m», «иванова нижнее подчёркивание м».
func (s *scan) mailName(from int) int {
	said := func(i int) bool { return s.at(i).has(dot | signSaid) }
	start := from
	for from-start < longestBox && s.mailSign(start-1) &&
		(start == from || s.at(start).glued || said(start-1) || said(start)) {
		start--
	}
	for start < from && (s.at(start).is == sign || said(start)) {
		start++
	}
	return start
}

// mailSign reports whether token i may stand in a mailbox's name, without a
// line's end after it: «lena(точка)gorb».
func (s *scan) mailSign(i int) bool {
	t := s.at(i)
	if t.sign("([") && s.at(i+1).has(dot) || t.sign(")]") && s.at(i-1).has(dot) {
		return t.glued
	}
	return (t.is == word || t.is == digits || t.sign("._%+-")) && !s.at(i+1).line
}

// domain returns the end of the domain that begins with token i, or i, whether it
// has a point and whether it ends as domains of mail do: «mail.ru», «mail . ru»,
// «mail (dot) ru», «яндекс точка ру».
func (s *scan) domain(i int) (end int, dotted, zoned bool) {
	if !s.domainWord(i) {
		return i, false, false
	}
	dotted = s.at(i).has(site) // «vk.com» is one token
	zoned = dotted
	for end = i + 1; end < i+longestBox; {
		next := s.overPoint(end, dotted)
		switch {
		case next > end || !dotted && s.at(end).has(zone) && !s.at(end).line:
			dotted = true
		case s.at(end).sign("-") && s.at(end).glued && s.at(end+1).glued:
			next++
		case !s.at(end).glued:
			return end, dotted, zoned
		}
		if !s.domainWord(next) {
			break
		}
		zoned = s.at(next).has(zone)
		end = next + 1
	}
	return end, dotted, zoned
}

func (s *scan) domainWord(i int) bool {
	t := s.at(i)
	return (t.is == word || t.is == digits) && !t.line
}

// overPoint returns the token after a domain's point at token i, or i. Before the
// first one blanks may stand around it, and a comma for it.
func (s *scan) overPoint(i int, dotted bool) int {
	t, next := s.at(i), s.at(i+1)
	switch {
	case t.has(dot) && !t.line:
		return i + 1
	case t.sign("[(") && next.has(dot) && s.at(i+2).sign("])"):
		return i + 3
	case t.sign(".") && t.glued && next.glued && s.domainWord(i+1), // «mail.ru»
		!dotted && t.sign(".,") && !t.line && next.has(zone):
		return i + 1
	}
	return i
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
		switch t := s.at(i); {
		case t.has(dot):
			out.WriteByte('.')
		case !t.sign("[]()"):
			out.WriteString(t.norm)
		}
	}
	return out.String()
}
