// Package knowledge is what the company tells everybody: questions that
// customers ask, and their answers.
//
// An Article is one question with its answer in one language. A Library is an
// immutable snapshot of all of them, which answers what is valid on a day for
// an audience and a territory (R-5.1.2-b, R-5.1.2-q, R-5.2.4-a). Where the
// articles come from is not its business: Published reads those that are part
// of the program, a store may hold newer ones.
//
// # Article files
//
// articles/contents.txt is the table of contents: categories in the order in
// which people browse them, and their articles. articles/ru/<slug>.md is an
// article in Russian, the source; articles/en/<slug>.md its translation. A
// file has lines "key: value", a blank line, and the answer:
//
//	question: Как передать показания?
//	ask: куда слать цифры со счётчика
//	ask: как сдать показания
//	audience: fl
//	owner: uchet
//	changed: 2026-11-27
//	source: Правила 354, п. 31
//	actions: readings, appeal
//	forms: Ж-2
//	related: readings-deadline, readings-zones
//
//	Передайте их прямо здесь…
//
// The keys are question (its title: at most MaxTitle characters), ask (other
// ways to ask it, one a line), audience (fl, ul, both), owner (the team that
// answers for it), changed (the day on which its source changed last,
// R-5.2.11-a), and, where they mean something, source (statute or rule),
// actions, forms (codes of categories of cases, which the action appeal offers
// first), related, territories, from and until. A translation has question,
// ask and answer only; the rest is the source's. A related article of another
// audience is one whose matter this one answers for its own readers: when
// companies pay, in the place of when households do (Article.Replaces).
//
// The answer is in the markup of package words: a line is a paragraph or,
// after "- ", an item; **bold**, [label](https://address), {figure}. Figures
// are whatever may change: sums, dates, prices, addresses. articles/README.md
// lists them.
package knowledge
