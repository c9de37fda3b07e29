package privacy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/privacy"
)

var all = []privacy.Class{
	privacy.Booking, privacy.Reading, privacy.Money, privacy.Identity, privacy.Document, privacy.Case, privacy.Confidential,
}

// The matrix says what the specification says (domain.md §3.6), and nothing is
// both shown and linked to.
func TestHousePolicy(t *testing.T) {
	t.Parallel()
	p := privacy.HousePolicy()
	shown := map[string][]string{}
	for way, row := range p {
		for _, c := range all {
			if row.Shows.Has(c) {
				shown[way] = append(shown[way], c.String())
			}
			if row.Shows.Has(c) && row.Links.Has(c) {
				t.Errorf("%s both shows %s and leads to the site for it", way, c)
			}
		}
	}
	want := map[string][]string{
		privacy.Web:      {"booking", "reading", "money", "identity", "document", "case", "secret"},
		privacy.Telegram: {"booking", "reading", "money", "case"},
		privacy.Mail:     {"booking", "reading", "money", "identity", "document", "case"},
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	if p[privacy.Telegram].Links.Has(privacy.Confidential) {
		t.Error("Telegram names what is confidential")
	}
}

func TestStrictPolicyKeepsTelegramPublic(t *testing.T) {
	t.Parallel()
	before := privacy.HousePolicy()
	strict := before.Strict()
	if got := strict[privacy.Telegram]; got.Shows != 0 || !got.Links.Has(privacy.Money) {
		t.Errorf("strict: Telegram shows %b, leads to the site for %b", got.Shows, got.Links)
	}
	if diff := cmp.Diff(privacy.HousePolicy(), before); diff != "" {
		t.Errorf("Strict has changed its receiver:\n%s", diff)
	}
}

func TestAnUnknownWayOutCarriesNothing(t *testing.T) {
	t.Parallel()
	if row := privacy.HousePolicy()["carrier pigeon"]; row != (privacy.Row{}) {
		t.Errorf("got %+v", row)
	}
}
