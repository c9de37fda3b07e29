// Package detect finds what tells of a person in a letter: the step before a
// question and its answer are published (domain.md §3.5), and before a
// customer's words are kept in lists (Scrub).
//
// A letter is cut into tokens whose looks are put in order (case, ё, Latin
// lookalikes, invisible signs); the rules read tokens, never the raw text, so
// that «8 (9 1 2) …» and «ИBAHOBA» cost no rule of their own. What a rule has
// found becomes a barrier that no other rule crosses, and the rules run until
// none finds anything: the redacted text has nothing left to find.
//
// The Russian words live in words.txt, names.txt and surnames.txt. What is
// found, how well and what is not: docs/privacy.md.
package detect
