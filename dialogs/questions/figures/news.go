package figures

import (
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
)

// mostNews is how many pieces of news an answer tells.
const mostNews = 5

var ofNews = map[string]figure{
	"news": func(v *view) any { return v.news("all", func(knowledge.News) bool { return true }) },
	"outage_news": func(v *view) any {
		return v.news("outage", func(n knowledge.News) bool { return n.Kind == knowledge.OutageNews })
	},
}

// news lists what is published of some kind for the reader, the newest first; if there
// is nothing, it says so.
func (v *view) news(name string, of func(knowledge.News) bool) words.Blocks {
	var list words.Blocks
	for _, n := range v.Directory.News(v.day, v.reader.Territory) {
		if of(n) && len(list) < mostNews {
			list = append(list, item(v.say("news.line", words.A("title", v.in(n.Titles)), words.A("text", v.in(n.Texts)))))
		}
	}
	if len(list) == 0 {
		list = append(list, item(v.say("news.none."+name)))
	}
	return list
}
