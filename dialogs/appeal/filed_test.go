package appeal_test

import (
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialogstest"
)

// filed is the case that comes of what a customer does, line by line as in
// transcripts.
func filed(t *testing.T, channel, acts string) registry.Record {
	t.Helper()
	stage := dialogstest.OpenStage(t, channel)
	if err := stage.Set(t.Context(), dialogstest.Noon, "ru"); err != nil {
		t.Fatal(err)
	}
	for act := range strings.Lines(acts) {
		act = strings.TrimSpace(act)
		do := stage.Do
		if order, ok := strings.CutPrefix(act, "! "); ok {
			act, do = order, stage.Order
		}
		if err := do(t.Context(), act); err != nil {
			t.Fatalf("%s: %v", act, err)
		}
	}
	p, err := stage.Bureau.Cases.CustomerCases(t.Context(), stage.In, "", 1)
	if err != nil || len(p.Lines) == 0 {
		t.Fatalf("nothing was filed: %v", err)
	}
	c, found, err := stage.Bureau.Cases.CustomerCase(t.Context(), stage.In, p.Lines[0].Number)
	if err != nil || !found {
		t.Fatal(err)
	}
	return c
}

const replaceMeter = `! link 0145201372
	! link 0207319526
	/appeal
	[Заявка]
	Счётчик сломался, поставьте новый
	[Замена или установка счётчика]
	%s
	[Сломался]
	по будням
	[В этом чате]
	[В этот чат]
`

// What is filed belongs to one account, whichever he had in mind before (R-5.1.3-g,
// spec §5.7).
func TestFiledForTheChosenAccount(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, first, then, account, territory, answer, address string }{
		{"the first", "[******1372]", "", "0145201372", "01", "0145201372", "кв. 12"},
		{"changed to another", "[******1372]", "[Изменить]\n[Лицевой счёт]\n[******9526]\n+7 912 345-67-89", "0207319526", "02", "0207319526", "гараж 44"},
		{
			"changed to one that is not linked", "[******1372]",
			"[Изменить]\n[Лицевой счёт]\n0203118468\nСосновка, Полевая 3\n+7 912 345-67-89\n[Пропустить]", "", "02", "0203118468", "Полевая",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := filed(t, privacy.Web, strings.ReplaceAll(replaceMeter, "%s", test.first)+test.then+"\n[Отправить]")
			if c.Account.Full() != test.account || c.Answers.One("account") != test.answer || c.Territory != test.territory {
				t.Errorf("filed for %q, the answer is %q, in %q", c.Account.Full(), c.Answers.One("account"), c.Territory)
			}
			if got := c.Answers.One("address"); !strings.Contains(got, test.address) {
				t.Errorf("the address is %q", got)
			}
			if missing := caseForm(t, &c); len(missing) > 0 {
				t.Errorf("it lacks %v", missing)
			}
		})
	}
}

func caseForm(t *testing.T, c *registry.Record) (names []appeal.Name) {
	t.Helper()
	books, err := dialogstest.NewCasebook().CaseBooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	category, err := books.Forms.Category(c.Category, calendar.DateOf(dialogstest.Noon, dialogstest.Zone))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range category.Missing(c.Answers, c.Audience) {
		names = append(names, f.Name)
	}
	return names
}

// What is written under files is filed (R-5.1.3-g).
func TestFiledCaptions(t *testing.T) {
	t.Parallel()
	c := filed(t, privacy.Telegram, `/appeal
		[Вопрос]
		[Выбрать из списка]
		[Оплата: платёж не поступил]
		(photo) счёт 0145201372, смотрите третью строку
		12.11
		1 604,60
		[В банке]
		(photo) чек за 12 ноября, перевод из банка
		[Готово]
		Деньги так и не пришли
		(photo) 2-я страница
		[В этом чате]
		[В этот чат]
		[Пропустить]
		[Отправить]`)
	want := "счёт 0145201372, смотрите третью строку\nчек за 12 ноября, перевод из банка\nДеньги так и не пришли\n2-я страница"
	if got := c.Answers.One(appeal.Body); got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	if c.Answers.One("account") != "0145201372" || len(c.Files) != 3 || len(c.Answers.All("receipt")) != 1 {
		t.Errorf("the account is %q, files %d, receipts %d", c.Answers.One("account"), len(c.Files), len(c.Answers.All("receipt")))
	}
}

// A passport and a date of birth in prose are neither shown nor filed (spec §3.6).
func TestFiledWithoutSecrets(t *testing.T) {
	t.Parallel()
	c := filed(t, privacy.Telegram, `жалоба
		[Выбрать из списка]
		[Работа сотрудника, офиса, очередь]
		Офис на Садовой
		вчера
		Отказались смотреть паспорт 6514 123456
		[Пропустить]
		(photo) дата рождения 12.03.1980
		СНИЛС 112-233-445 95, прошу разобраться
		[В этом чате]
		мой паспорт серия 65 14 номер 123456
		[В этот чат]
		[Пропустить]
		[Отправить]`)
	for name := range c.Answers {
		for _, secret := range []string{"6514", "123456", "1980", "445"} {
			if strings.Contains(c.Answers.One(name), secret) {
				t.Errorf("%s is filed as %q", name, c.Answers.One(name))
			}
		}
	}
	if got, _, _ := strings.Cut(c.Answers.One(appeal.Body), "\n"); got != "Отказались смотреть паспорт [документ]" {
		t.Errorf("what has happened is %q", got)
	}
}
