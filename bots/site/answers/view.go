package answers

import (
	"cmp"
	"html/template"
	"net/url"
	"strings"
	"time"

	"okoshko/bots/site/page"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
)

// state is what a page is about. The names of the two in which something is missing
// begin the keys of their words.
type state string

const (
	all   state = "all"   // the questions of all topics
	topic state = "topic" // those of one
	feed  state = "feed"  // answers to customers, of all topics or of one
	one   state = "one"   // an answer
	gone  state = "gone"  // an answer that there is not
	away  state = "away"  // before anything was read
)

// view is what the template sees.
type view struct {
	*Config
	State state
	Lang  words.Lang

	path    string // of the page, with what chooses it
	content Content
	now     time.Time
	reader  knowledge.Reader
	topic   *knowledge.Category
	article *knowledge.Article
	offices []link // whose payment points can be shown
}

// link leads somewhere.
type link struct {
	Name, Address string
	// When and On tell of an answer to a customer: its day and its topic.
	When, On string
	Chosen   bool
}

// Say is a line of the catalogue.
func (v *view) Say(key string) string { return Words.Line(v.Lang, key) }

// Company is how people call the company.
func (v *view) Company() string { return v.Brand[v.Lang] }

// here is an address of this site in the reader's language.
func (v *view) here(path string) string { return page.In(path, v.Lang) }

// All is the list of all answers, Style the sheet, Home the front page and Ask that
// page with the chat open.
func (v *view) All() string   { return v.here(Path) }
func (v *view) Style() string { return stylePath }
func (v *view) Home() string  { return cmp.Or(v.Chat, v.here("/")) }
func (v *view) Ask() string   { return v.Home() + "#okoshko" }

// Top reports whether the page is the list of all answers, or stands for it, Lists
// whether it lists questions, Found whether it is what was asked for.
func (v *view) Top() bool   { return v.State == all || v.State == away }
func (v *view) Lists() bool { return v.State == all || v.State == topic || v.State == feed }
func (v *view) Found() bool { return v.Lists() || v.State == one }

// Canonical is the one address of the page for search engines.
func (v *view) Canonical() string { return page.Absolute(v.Public, v.path, v.Lang) }

// Translation is the page in another language: where, and in which.
type Translation struct {
	Lang    words.Lang
	Address string
}

// Translations are the page in every language, for search engines.
func (v *view) Translations() []Translation {
	return []Translation{{words.RU, page.Absolute(v.Public, v.path, words.RU)}, {words.EN, page.Absolute(v.Public, v.path, words.EN)}}
}

// Other is the page in the other language.
func (v *view) Other() Translation {
	other := words.EN
	if v.Lang == words.EN {
		other = words.RU
	}
	return Translation{other, page.In(v.path, other)}
}

// Title names the page.
func (v *view) Title() string {
	switch v.State {
	case gone, away:
		return v.Say(string(v.State) + ".title")
	case one:
		return v.article.Question
	case topic:
		return v.topic.Title(string(v.Lang))
	case feed:
		if v.topic != nil {
			return v.Say("feed.title") + ": " + v.topic.Title(string(v.Lang))
		}
		return v.Say("feed.title")
	}
	return v.Say("title")
}

// About is what search engines say of the page.
func (v *view) About() string {
	if v.article == nil {
		return v.Lead()
	}
	var said strings.Builder
	for _, b := range v.content.Body(v.article, v.now, v.reader) {
		for _, s := range b.Spans {
			said.WriteString(s.Text)
		}
		said.WriteByte(' ')
	}
	return clip(strings.TrimSpace(said.String()))
}

// Lead says what the list is.
func (v *view) Lead() string {
	if v.State == feed {
		return v.Say("feed.lead")
	}
	return v.Say("lead")
}

// mostAbout is how much of a description search engines show, in letters.
const mostAbout = 160

// clip cuts a text between words.
func clip(s string) string {
	letters := []rune(s)
	if len(letters) <= mostAbout {
		return s
	}
	cut := string(letters[:mostAbout])
	if i := strings.LastIndex(cut, " "); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–—") + "…"
}

// shelf is a topic with its questions.
type shelf struct {
	link
	Questions []link
	// More says how many there are, if they do not all stand here.
	More string
}

// mostListed is how many questions of a topic stand among the others.
const mostListed = 12

// Shelves are the topics with their questions, behind what customers have asked.
func (v *view) Shelves() []shelf {
	library := v.content.Library()
	var list []shelf
	if s, some := v.feed(); some {
		list = append(list, s)
	}
	if v.State == feed {
		return list
	}
	for _, c := range library.Categories(v.reader) {
		if v.topic != nil && v.topic.ID != c.ID {
			continue
		}
		s := shelf{link: v.topicLink(c)}
		articles := library.In(c.ID, v.reader)
		if v.topic == nil && len(articles) > mostListed {
			s.More = Words.Line(v.Lang, "more", words.A("n", len(articles)))
			articles = articles[:mostListed]
		}
		s.Questions = v.questions(articles)
		list = append(list, s)
	}
	return list
}

// feed is the shelf of answers to customers, of the page's topic if it has one: the
// newest, or on their own page all.
func (v *view) feed() (s shelf, some bool) {
	id := ""
	if v.topic != nil {
		id = v.topic.ID
	}
	articles := v.content.Library().Feed(id, v.reader)
	s = shelf{link: link{Name: v.Say("feed.title"), Address: v.here(feedPath(id))}}
	if v.State != feed && len(articles) > mostFresh {
		s.More = Words.Line(v.Lang, "feed.more", words.A("n", len(articles)))
		articles = articles[:mostFresh]
	}
	s.Questions = v.questions(articles)
	return s, len(articles) > 0
}

// mostFresh is how many answers to customers stand beside the topics.
const mostFresh = 5

// Feed is where all answers to customers' questions stand.
func (v *view) Feed() string { return v.here(feedPath("")) }

// Topics are all of them; of the feed those of which something was asked.
func (v *view) Topics() (list []link) {
	for _, c := range v.content.Library().Categories(v.reader) {
		l := v.topicLink(c)
		if v.State == feed {
			l.Address = v.here(feedPath(c.ID))
			if len(v.content.Library().Feed(c.ID, v.reader)) == 0 {
				continue
			}
		}
		l.Chosen = v.topic != nil && v.topic.ID == c.ID
		list = append(list, l)
	}
	return list
}

func (v *view) topicLink(c knowledge.Category) link {
	return link{Name: c.Title(string(v.Lang)), Address: v.here(topicPath(c))}
}

func topicPath(c knowledge.Category) string {
	return Path + "?" + topicKey + "=" + url.QueryEscape(c.ID)
}

// feedPath is where the answers to customers stand, of a topic or of all ("").
func feedPath(topic string) string {
	path := Path + "?" + feedKey + "=" + customers
	if topic != "" {
		path += "&" + topicKey + "=" + url.QueryEscape(topic)
	}
	return path
}

func (v *view) questions(articles []*knowledge.Article) []link {
	list := make([]link, len(articles))
	for i, a := range articles {
		list[i] = link{Name: a.Question, Address: v.here(Path + "/" + string(a.Slug))}
		if a.Asked {
			list[i].When = Words.Line(v.Lang, "feed.day", words.A("day", a.Published.In(v.now.Location())))
			if c, found := v.content.Library().Category(a.Category); found && v.topic == nil {
				list[i].On = c.Title(string(v.Lang))
			}
		}
	}
	return list
}

// Topic is that of the article, nil if it has none.
func (v *view) Topic() *link {
	c, found := v.content.Library().Category(v.article.Category)
	if !found {
		return nil
	}
	l := v.topicLink(c)
	return &l
}

// Asked says that the answer was given to a customer, "" of one that was not.
func (v *view) Asked() string {
	if !v.article.Asked {
		return ""
	}
	return Words.Line(v.Lang, "feed.said", words.A("day", v.article.Published.In(v.now.Location())))
}

// Related are other questions.
func (v *view) Related() []link {
	return v.questions(v.content.Library().Related(v.article, v.reader))
}

// Acts are the buttons that the answer has in the chat: each opens the chat with that
// wish (bots/web/widget/README.md). Without a script they lead to the same page.
func (v *view) Acts() []link {
	var list []link
	for _, l := range v.Links(v.article, v.Lang) {
		list = append(list, link{Name: l.Label, Address: v.Ask() + "=" + l.Start})
	}
	return list
}

// Offices are those near which payment points can be shown.
func (v *view) Offices() []link { return v.offices }

// near shows the payment points near an office, if there is one in the territory.
func (v *view) near(territory string) {
	for _, o := range v.content.Offices().Offices(knowledge.Individuals, "") {
		if o.Territory == "" {
			continue
		}
		l := link{Name: cmp.Or(o.Names[string(v.Lang)], o.Names[string(words.RU)]), Address: v.here(v.path + "?" + territoryKey + "=" + o.Territory)}
		if l.Chosen = o.Territory == territory; l.Chosen {
			v.reader.Territory = territory
		}
		v.offices = append(v.offices, l)
	}
}

// For says for whom the answer is, "" if for everybody or if all of its topic is.
func (v *view) For() string {
	audience := v.article.Audience
	if audience != knowledge.Individuals && audience != knowledge.Companies {
		return ""
	}
	for _, neighbour := range v.content.Library().In(v.article.Category, v.reader) {
		if neighbour.Audience != audience {
			return v.Say("for." + string(audience))
		}
	}
	return ""
}

// Written is the language of the article, Untranslated reports whether that is not
// the reader's.
func (v *view) Written() string    { return v.article.Lang }
func (v *view) Untranslated() bool { return v.article.Lang != string(v.Lang) }

// part is a paragraph of an answer, or the items of a list.
type part struct {
	Para []run
	List [][]run
}

// run is a piece of text with one look.
type run struct {
	Text string
	Bold bool
	// Way is where it leads, "" if nowhere.
	Way template.URL
}

// Body is the answer.
func (v *view) Body() (parts []part) {
	for _, b := range v.content.Body(v.article, v.now, v.reader) {
		runs := make([]run, len(b.Spans))
		for i, s := range b.Spans {
			runs[i] = run{s.Text, s.Bold, way(s.Link)}
		}
		last := len(parts) - 1
		switch {
		case b.Kind != chat.Item:
			parts = append(parts, part{Para: runs})
		case last >= 0 && parts[last].List != nil:
			parts[last].List = append(parts[last].List, runs)
		default:
			parts = append(parts, part{List: [][]run{runs}})
		}
	}
	return parts
}

// way is an address that a page may lead to, "" for any other. Left to itself the
// template knows no telephones.
func way(address string) template.URL {
	for _, scheme := range []string{"https://", "http://", "tel:", "mailto:"} {
		if strings.HasPrefix(address, scheme) {
			return template.URL(address) // #nosec G203 -- its scheme runs nothing, and the template escapes it
		}
	}
	return ""
}

// Updated says when the text went out; what came with the program and was not put
// out yet is as old as what it tells of.
func (v *view) Updated() string {
	at := v.article.Published
	if at.IsZero() {
		at = v.article.SourceChanged.At(0, v.now.Location())
	}
	return Words.Line(v.Lang, "updated", words.A("day", at.In(v.now.Location())))
}

// Figures says on which day what the answer tells from data is right, "" if it tells
// nothing from them.
func (v *view) Figures() string {
	if len(v.article.Figures()) == 0 {
		return ""
	}
	return Words.Line(v.Lang, "figures", words.A("day", v.now))
}

// Basis is the act on which the answer rests.
func (v *view) Basis() string { return v.article.Basis }
