package payqr_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/payqr"
	"okoshko/core/fault"
)

// sample is the valid one of spec §2.7.
const sample = `ST00012|Name=АО «Старогорская энергосбытовая компания»|PersonalAcc=40702810900000000101|BankName=ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК|BIC=040000777|CorrespAcc=30101810900000000777|PayeeINN=0000123450|KPP=000101001|Sum=184253|Purpose=Оплата электроэнергии за октябрь 2026, л/с 0145201372|PersAcc=0145201372|PaymPeriod=102026|TechCode=02`

func order() payqr.Order {
	return payqr.Order{
		Payee: payqr.Payee{
			Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101",
			Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК", BIC: "040000777", Corresp: "30101810900000000777",
			INN: "0000123450", KPP: "000101001",
		},
		Sum: 184253, Purpose: "Оплата электроэнергии за октябрь 2026, л/с 0145201372", PersAcc: "0145201372",
		Period: billing.Period{Year: 2026, Month: time.October}, TechCode: payqr.Housing,
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	got, err := order().Encode()
	if err != nil || string(got) != sample || len(got) != 413 {
		t.Errorf("%d bytes, %v:\n%s\nwant 413:\n%s", len(got), err, got, sample)
	}
	c, err := payqr.Parse(got)
	if err != nil || c.Charset != 2 || c.Separator != '|' || c.Get("Sum") != "184253" || len(c.Fields) != 12 {
		t.Errorf("read back: %+v, %v", c, err)
	}
	// The mandatory part alone, by charset.
	block, _, _ := strings.Cut(sample[len("ST00012|"):], "PayeeINN")
	cp, err := charmap.Windows1251.NewEncoder().String(block)
	if err != nil || len(block) != 219 || len(cp) != 160 {
		t.Errorf("mandatory part: %d bytes, %d in 1251, %v", len(block), len(cp), err)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("энергосбыт ", n)) }
	for _, tc := range []struct {
		name      string
		change    func(*payqr.Order)
		charset   byte
		separator byte
		key, want string
	}{
		{"bank cut to 34", func(o *payqr.Order) { o.Bank = strings.Repeat("Б", 45) }, 2, '|', "BankName", strings.Repeat("Б", 34)},
		{"purpose cut to 160", func(o *payqr.Order) { o.Purpose = strings.Repeat("п", 210) }, 2, '|', "Purpose", strings.Repeat("п", 160)},
		{"a long name loses words", func(o *payqr.Order) { o.Name = words(14) }, 2, '|', "Name", words(7)},
		{"Latin takes one byte", func(o *payqr.Order) { o.Name = strings.Repeat("supplier ", 16) }, 2, '|', "Name", strings.TrimSpace(strings.Repeat("supplier ", 16))},
		{"a name of one long word", func(o *payqr.Order) { o.Name = strings.Repeat("ю", 160) }, 1, '|', "Name", strings.Repeat("ю", 160)},
		{"1251 has no rouble sign", func(o *payqr.Order) { o.Name, o.Purpose = strings.Repeat("ю", 160), "долг 5 ₽" }, 1, '|', "Purpose", "долг 5 ?"},
		{"a bar in a value", func(o *payqr.Order) { o.Purpose = "дом 5|7" }, 2, '#', "Purpose", "дом 5|7"},
		{"many signs in a value", func(o *payqr.Order) { o.Purpose = "|#;:^" }, 2, '_', "Purpose", "|#;:^"},
		{"lines and blanks", func(o *payqr.Order) { o.Purpose = " оплата\r\n\tпо  счёту\x00\xff " }, 2, '|', "Purpose", "оплата по счёту"},
		{"no correspondent account", func(o *payqr.Order) { o.Corresp = "" }, 2, '|', "CorrespAcc", "0"},
		{"no sum", func(o *payqr.Order) { o.Sum = 0 }, 2, '|', "Sum", ""},
		{"the largest sum", func(o *payqr.Order) { o.Sum = 999_999_999_999_999_999 }, 2, '|', "Sum", "999999999999999999"},
		{"penalties apart", func(o *payqr.Order) { o.More = []payqr.Field{{"AddAmount", "350"}} }, 2, '|', "AddAmount", "350"},
		{"INN of a remainder of ten", func(o *payqr.Order) { o.INN = "0000000040" }, 2, '|', "PayeeINN", "0000000040"},
		{"INN of a person", func(o *payqr.Order) { o.INN = "000000123411" }, 2, '|', "PayeeINN", "000000123411"},
		{"equals sign", func(o *payqr.Order) { o.Purpose = "a=b" }, 2, '|', "Purpose", "a=b"},
	} {
		o := order()
		tc.change(&o)
		text, err := o.Encode()
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		c, err := payqr.Parse(text)
		if err != nil || c.Charset != tc.charset || c.Separator != tc.separator || c.Get(tc.key) != tc.want {
			t.Errorf("%s: %+v, %v\n%s", tc.name, c, err, text)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		want   string
		change func(*payqr.Order)
	}{
		{"Name is missing", func(o *payqr.Order) { o.Name = " \n" }},
		{"BankName is missing", func(o *payqr.Order) { o.Bank = "" }},
		{"PersonalAcc has a wrong check digit", func(o *payqr.Order) { o.Account = "40702810900000000102" }},
		{"PersonalAcc has not the form", func(o *payqr.Order) { o.Account = "00702810900000000101" }},
		{"PersonalAcc has not the form", func(o *payqr.Order) { o.Account = "4070281090000000010" }},
		{"PersonalAcc has a wrong check digit", func(o *payqr.Order) { o.BIC = "040000778" }},
		{"BIC has not nine digits", func(o *payqr.Order) { o.BIC = "04000077" }},
		{"CorrespAcc has a wrong check digit", func(o *payqr.Order) { o.Corresp = "30101810900000000778" }},
		{"CorrespAcc has not the form", func(o *payqr.Order) { o.Corresp = "3010181090000000077" }},
		{"PayeeINN has a wrong check digit", func(o *payqr.Order) { o.INN = "0000123451" }},
		{"PayeeINN has a wrong check digit", func(o *payqr.Order) { o.INN = "000000123421" }},
		{"PayeeINN has a wrong check digit", func(o *payqr.Order) { o.INN = "00001234" }},
		{"KPP is too short", func(o *payqr.Order) { o.KPP = "00010100" }},
		{"Sum is negative", func(o *payqr.Order) { o.Sum = -1 }},
		{"Sum is too long", func(o *payqr.Order) { o.Sum = 1_000_000_000_000_000_000 }},
		{"TechCode is not within", func(o *payqr.Order) { o.TechCode = "16" }},
		{"is no field", func(o *payqr.Order) { o.More = []payqr.Field{{"persacc", "1"}} }},
		{"is no field", func(o *payqr.Order) { o.More = []payqr.Field{{"СВС", "1"}} }}, // Cyrillic
		{"Sum stands twice", func(o *payqr.Order) { o.More = []payqr.Field{{"Sum", "1"}} }},
		{"every sign", func(o *payqr.Order) { o.Purpose = "|#;:^_~{}!$%&()*+,/@" }},
	} {
		o := order()
		tc.change(&o)
		if text, err := o.Encode(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v, want %q\n%s", err, tc.want, text)
		}
	}
}

// What is wrong in the wild is refused.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	replace := func(old, replacement string) string { return strings.Replace(sample, old, replacement, 1) }
	for _, tc := range []struct{ want, text string }{
		{"begin", ""},
		{"begin", "ST00022|" + sample[8:]},
		{"charset", replace("ST00012", "ST00014")},
		{"separator", replace("ST00012|", "ST00012N")},
		{"Sum is not a number", replace("Sum=184253", "Sum=1842.53")},
		{"Sum is not a number", replace("Sum=184253", "Sum=0184253")},
		{"PersonalAcc does not stand", replace("|PersonalAcc", "|KPP=000101001|PersonalAcc")},
		{"Name does not stand", replace("Name=", "name=")},
		{"is no field", replace("PaymPeriod", "paymPeriod")},
		{"stands twice", sample + "|KPP=000101001"},
		{"no value", replace("Sum=184253", "Sum=")},
		{"no value", sample + "|"},
		{"no value", replace("|Sum", "||Sum")},
		{"missing", sample[:strings.Index(sample, "|CorrespAcc")]},
		{"check digit", replace("BIC=040000777", "BIC=040000776")},
		{"UTF-8", replace("октябрь", "\xee\xea")},
		{"BankName is too long", replace("АО БАНК", strings.Repeat("Б", 40))},
		{"exceed 300", replace("компания»", "компания»"+strings.Repeat("ы", 45))},
	} {
		if _, err := payqr.Parse([]byte(tc.text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: %v", tc.want, err)
		}
	}
	koi, err := charmap.KOI8R.NewEncoder().String(strings.NewReplacer("«", "", "»", "", "ST00012", "ST00013").Replace(sample))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := payqr.Parse([]byte(koi)); err != nil || c.Get("Name") != "АО Старогорская энергосбытовая компания" {
		t.Errorf("KOI8-R: %+v, %v", c, err)
	}
}

// FuzzEncode: whatever is written can be read by the strictest reader, and says
// the same.
func FuzzEncode(f *testing.F) {
	f.Add("АО «Энергосбыт»", "БАНК", "за октябрь", "0145201372", int64(1))
	f.Add(strings.Repeat("имя|#", 80), "Б;:", "=", "", int64(0))
	f.Add("\xff\x00", "банк", "\u2028", "ЭС-0123/26", int64(-1))
	f.Fuzz(func(t *testing.T, name, bank, purpose, account string, sum int64) {
		o := order()
		o.Name, o.Bank, o.Purpose, o.PersAcc, o.Sum = name, bank, purpose, account, money.Kopecks(sum)
		text, err := o.Encode()
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		c, err := payqr.Parse(text)
		if err != nil {
			t.Fatalf("%v\n%q", err, text)
		}
		if c.Charset == 2 && !utf8.Valid(text) {
			t.Fatal("not UTF-8")
		}
		again := o
		again.Name, again.Bank, again.Purpose, again.PersAcc = c.Get("Name"), c.Get("BankName"), c.Get("Purpose"), c.Get("PersAcc")
		second, err := again.Encode()
		if err != nil || c.Charset == 2 && !bytes.Equal(text, second) {
			t.Fatalf("%v\n%q\n%q", err, text, second)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("ST00011|Name="))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := payqr.Parse(text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if len(c.Fields) < 5 || c.Get("Name") == "" {
			t.Fatalf("%+v", c)
		}
	})
}
