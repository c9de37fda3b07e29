// Package search finds what a customer means among a few hundred to a few
// thousand short documents, in the Russian (and English) that people really
// write: typos, words run together, the wrong keyboard layout, Latin letters,
// slang, long letters with the point at the end.
//
// A text goes through these stations:
//
//	letters   every letter becomes one byte; ё is е, lookalikes are mended
//	words     cut out, stemmed (Snowball), numbers set apart
//	readings  a word in Latin letters is read as it is, through the keyboard's
//	          other layout and as a transliteration: what is known best counts
//	lexicon   a word is found as it is, by its sound, as two words run together,
//	          or by trigrams and edit distance
//	concepts  synonyms, of one word or several, become one concept
//	windows   sentences and stretches of a long text, each scored by itself
//
// A window is scored against a document by what of it the document explains,
// each word by how well it tells documents apart and by how much more the
// document uses it than others do (BM25's saturation, with fields of their own
// weights). This is a share of the most that the window could have earned, so a
// score lies between 0 and 1 and means the same for every text; what nobody
// explains lowers it. This, and words of other trades (gas, water, the
// internet), is what rejects nonsense. An index made by Learn weighs, besides,
// what it has learned from the fields about which words matter between them.
//
// An Index is immutable: a change of the documents makes a new one. The package
// knows nothing of articles, scenarios or customers. What it knows of the
// language stands in the data files beside it.
package search
