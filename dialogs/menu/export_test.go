package menu

import "okoshko/dialogs/words"

// Courtesy tells what courtesy a text is.
func Courtesy(text string) string { return newManners(words.Must(texts)).of(text) }
