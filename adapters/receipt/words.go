package receipt

import (
	_ "embed"

	"okoshko/adapters/paper"
)

//go:embed text.ru.tsv
var textTSV string

// texts are the words of the form.
var texts = paper.ReadWords(textTSV)

func say(key string, pairs ...string) string { return texts.Say(key, pairs...) }
