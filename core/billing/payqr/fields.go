package payqr

import (
	"regexp"
	"strconv"
	"strings"

	"okoshko/core/fault"
)

// limit is how long the value of a field may be, in letters; exact: no shorter.
type limit struct {
	most  int
	exact bool
}

// mandatory fields, in the order that Sberbank's app asks for.
var mandatory = [...]string{"Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"}

// limits of the fields that have one.
var limits = map[string]limit{
	"Name": {160, false}, "PersonalAcc": {20, true}, "BankName": {45, false}, "BIC": {9, true}, "CorrespAcc": {20, false},
	"Sum": {18, false}, "Purpose": {210, false}, "PayeeINN": {12, false}, "PayerINN": {12, false},
	"DrawerStatus": {2, true}, "KPP": {9, true}, "CBC": {20, false}, "OKTMO": {11, false}, "PaytReason": {2, true},
	"TaxPeriod": {10, false}, "DocNo": {15, false}, "DocDate": {10, true}, "TaxPaytKind": {2, true}, "TechCode": {2, true},
}

// free are the other fields of the standard.
var free = strings.Fields(`LastName FirstName MiddleName PayerAddress PersonalAccount DocIdx PensAcc Contract PersAcc Flat
Phone PayerIdType PayerIdNum ChildFio BirthDate PaymTerm PaymPeriod Category ServiceName CounterId CounterVal QuittId
QuittDate InstNum ClassNum SpecFio AddAmount RuleId ExecId RegType UIN`)

// known holds every key of the standard.
var known = func() map[string]bool {
	keys := map[string]bool{}
	for key := range limits {
		keys[key] = true
	}
	for _, key := range free {
		keys[key] = true
	}
	return keys
}()

var (
	accountForm = regexp.MustCompile(`^[1-9]\d{4}[0-9ABCEHKMPTX]\d{14}$`)
	bicForm     = regexp.MustCompile(`^\d{9}$`)
	innForm     = regexp.MustCompile(`^(\d{10}|\d{12})$`)
	kppForm     = regexp.MustCompile(`^\d{4}[0-9A-Z]{2}\d{3}$`)
	sumForm     = regexp.MustCompile(`^(0|[1-9]\d{0,17})$`)
	codeForm    = regexp.MustCompile(`^(0[1-9]|1[0-5])$`)
)

// invalid names the field that is wrong, never its value.
func invalid(field, why string) error {
	return fault.New(fault.Invalid, "payment QR: "+field+" "+why)
}

// checkBank checks an account, a BIC and a correspondent account against each
// other: their check digits (spec §2.7; Bank of Russia, rules of account keys).
func checkBank(account, bic, correspondent string) error {
	switch {
	case !bicForm.MatchString(bic):
		return invalid("BIC", "has not nine digits")
	case !accountForm.MatchString(account):
		return invalid("PersonalAcc", "has not the form of an account")
	case !checkDigits(bic[6:] + account):
		return invalid("PersonalAcc", "has a wrong check digit for this BIC")
	case correspondent == "" || correspondent == "0":
		return nil // Accounts at the Treasury have none.
	case !accountForm.MatchString(correspondent):
		return invalid("CorrespAcc", "has not the form of an account")
	case !checkDigits("0" + bic[4:6] + correspondent):
		return invalid("CorrespAcc", "has a wrong check digit for this BIC")
	default:
		return nil
	}
}

// checkDigits weighs 7-1-3 over 23 characters; a letter of a clearing currency
// counts as its place in the rules.
func checkDigits(s string) bool {
	weights := [...]int{7, 1, 3}
	sum := 0
	for i := range len(s) {
		d := strings.IndexByte("0123456789", s[i])
		if d < 0 {
			d = strings.IndexByte("ABCEHKMPTX", s[i])
		}
		sum += d * weights[i%3] % 10
	}
	return sum%10 == 0
}

// checkINN checks the last digit of ten, or the last two of twelve.
func checkINN(inn string) bool {
	digit := func(weights ...int) bool {
		sum := 0
		for i, w := range weights {
			sum += int(inn[i]-'0') * w
		}
		return strconv.Itoa(sum%11%10) == inn[len(weights):len(weights)+1]
	}
	if !innForm.MatchString(inn) {
		return false
	}
	if len(inn) == 10 {
		return digit(2, 4, 10, 3, 5, 9, 4, 6, 8)
	}
	return digit(7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && digit(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

// checkField checks what can be said of one field alone.
func checkField(key, value string, letters int) error {
	l, bounded := limits[key]
	switch {
	case !known[key]:
		return invalid(strconv.QuoteToASCII(key), "is no field of the standard")
	case bounded && letters > l.most:
		return invalid(key, "is too long")
	case bounded && l.exact && letters < l.most:
		return invalid(key, "is too short")
	case (key == "Sum" || key == "AddAmount") && !sumForm.MatchString(value):
		return invalid(key, "is not a number of kopecks")
	case (key == "PayeeINN" || key == "PayerINN") && !checkINN(value):
		return invalid(key, "has a wrong check digit")
	case key == "KPP" && !kppForm.MatchString(value):
		return invalid(key, "has not the form of a KPP")
	case key == "TechCode" && !codeForm.MatchString(value):
		return invalid(key, "is not within 01 and 15")
	default:
		return nil
	}
}
