package privacy

import (
	"regexp"
	"strings"
)

// What may tell of a person in a free text (spec §3.5). Go's \b and \w know no
// Cyrillic, hence the classes.
var scrubs = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`[\p{L}0-9._%+\-]+@[\p{L}0-9\-]+(?:\.[\p{L}0-9\-]+)+`), "[e-mail]"},
	{regexp.MustCompile(`(?i)(^|[^\p{L}])((?:ул(?:ица|ице|ицы|\.|\s)|пр(?:оспект\p{L}*|-?кт\.?|\.)|пер(?:еулок|\.)|б(?:ульвар|-р)|шоссе|наб(?:ережная|\.)|пл(?:ощадь|\.)|мкр\.?|микрорайон|снт|гск|днт)\s*[«"]?[\p{L}0-9][\p{L}0-9 .\-]{1,40}?[»"]?(?:,|\s)+(?:д(?:ом|\.)?\s*)?\d{1,4}\s?[\p{L}]?(?:/\d+)?(?:(?:,|\s)+(?:к(?:орп|в|вартира)?\.?|стр\.?|оф\.?)\s*\d{1,5})*)`), "$1[адрес]"},
	{regexp.MustCompile(`(?i)(^|[^\p{L}])кв(?:артира|артире|артиры|\.)?\s*№?\s*\d{1,4}`), "$1[адрес]"},
	{regexp.MustCompile(`\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?\s+\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+(?:ович|евич|ьич|ич|овн|евн|ичн|иничн)\p{Ll}{0,3}`), "[имя]"},
	{regexp.MustCompile(`(?:\p{Lu}\p{Ll}+\s+)?\p{Lu}\p{Ll}+(?:ович|евич|ьич|овн|евн|ичн|иничн)\p{Ll}{0,3}`), "[имя]"},
	{regexp.MustCompile(`\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?\s+\p{Lu}\.\s?(?:\p{Lu}\.)?|\p{Lu}\.\s?(?:\p{Lu}\.\s?)?\p{Lu}\p{Ll}{2,}`), "[имя]"},
	{regexp.MustCompile(`\p{Lu}{2,6}-\d{2,6}/\d{2}`), "[договор]"},
	// Accounts, phones, cards, documents, meters: digits with blanks between them.
	{regexp.MustCompile(`[+(]?\d(?:[\s()\-]{0,2}\d){4,}`), "[номер]"},
}

// Scrub returns a text of a customer's without what may tell who he is: numbers
// of five digits and more, mailboxes, addresses, names with a patronymic or
// initials. It is for lists that outlive a conversation; a text that is to be
// published needs more (spec §3.5).
func Scrub(text string) string {
	for _, s := range scrubs {
		text = s.pattern.ReplaceAllString(text, s.instead)
	}
	return strings.TrimSpace(text)
}
