package letters_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/dialogs/letters"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

var company = letters.Company{
	Name:    map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
	Hours:   map[words.Lang]string{words.RU: "пн–пт 08:00–20:00", words.EN: "Mon–Fri 08:00–20:00"},
	Address: map[words.Lang]string{words.RU: "Старогорск, ул. Садовая, 14", words.EN: "14 Sadovaya St., Starogorsk"},
	Phone:   "8 800 000-01-01",
}

// longestSMS is five parts of a text message in Cyrillic (67 signs each).
const longestSMS = 5 * 67

// Every kind has words for both ways, and facts find their places.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	phone, err := privacy.ParsePhone("+7 000 000-00-01")
	if err != nil {
		t.Fatal(err)
	}
	mailbox, err := privacy.ParseEmail("demo01@post.example")
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{
		"code": "042117", "account": "******1372", "channel": "tg", "when": "27 ноября 2026, 10:00",
		"office": "«Бизнес-центр обслуживания»", "was": "2026-12-01T10:00:00+05:00", "time": "2026-12-17T10:00:00+05:00",
		"number": "ОБ-2026-000123", "other": "ОБ-2026-000122", "category": "Начисления и расчёты", "territory": "Центральная",
		"due": "1 декабря 2026", "promise": "4 декабря 2026", "day": "30 ноября 2026", "until": "15 декабря 2026", "note": "За какой месяц начисление?",
		"times": "1 декабря 2026, 10:00 или 2 декабря 2026, 15:00", "clock": "Ответ клиенту", "stage": "breach",
		"link": "https://chat.sesk.example/console/cases/ОБ-2026-000123",
	}
	for _, key := range letters.Words.Keys() {
		kind, mail := strings.CutSuffix(key, ".mail")
		if !mail {
			continue
		}
		toStaff := kind == "case_new" || kind == "case_passed" || kind == "case_refund" || kind == "case_due"
		for _, lang := range []words.Lang{words.RU, words.EN} {
			n := notice.Notice{Kind: notice.Kind(kind), Phone: phone, Lang: string(lang), Facts: facts}
			short, err := company.Write(n)
			if toStaff != fault.Is(err, fault.Invalid) || !toStaff && err != nil || short.Subject != "" || utf8.RuneCountInString(short.Text) > longestSMS {
				t.Errorf("%s, %s: %d signs, %+v, %v", kind, lang, utf8.RuneCountInString(short.Text), short, err)
			}
			n.Phone, n.Email = privacy.Phone{}, mailbox
			long, err := company.Write(n)
			if err != nil || long.Subject == "" || !strings.Contains(long.Text, "\n\n") {
				t.Errorf("%s, %s: %+v, %v", kind, lang, long, err)
			}
			for _, text := range []string{short.Text, long.Subject, long.Text} {
				if strings.ContainsAny(text, "{}‹›") {
					t.Errorf("%s, %s: %q", kind, lang, text)
				}
			}
			// An address or a code in a subject is read over shoulders.
			if strings.Contains(long.Subject, "1372") || strings.Contains(long.Subject, "042117") {
				t.Errorf("%s: the subject tells too much: %q", kind, long.Subject)
			}
		}
	}
}

func TestUnknownKind(t *testing.T) {
	t.Parallel()
	if _, err := company.Write(notice.Notice{Kind: "gossip"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, letters.Words, ".", "link_code.*", "link_made.*", "again_code.*", "visit_rescheduled.*", "visit_called_off.*", "channel.*", "case_*", "stage.*", "paper.*", "or", "because")
}

// A case is called by its kind's own word.
func TestACaseIsCalledByItsKind(t *testing.T) {
	t.Parallel()
	mailbox, err := privacy.ParseEmail("demo01@post.example")
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{
		"ОБ-2026-000123": "мы закрыли обращение ОБ-2026-000123", "ЖБ-2026-000123": "мы закрыли жалобу ЖБ-2026-000123",
		"ЗВ-2026-000123": "мы закрыли заявку ЗВ-2026-000123", "ОТ-2026-000123": "мы закрыли отзыв ОТ-2026-000123",
	} {
		l, err := company.Write(notice.Notice{Kind: "case_withdraw", Email: mailbox, Lang: "ru", Facts: map[string]string{"number": number, "category": "Тема"}})
		if err != nil || !strings.Contains(l.Text, want) {
			t.Errorf("%q, %v, want %q", l.Text, err, want)
		}
	}
}
