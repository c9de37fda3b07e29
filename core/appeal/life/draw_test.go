package life_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"okoshko/core/appeal/life"
)

var update = flag.Bool("update", false, "write docs/appeal-life.md anew")

const page = "../../../docs/appeal-life.md"

// The page in docs is drawn from the rules.
func TestPage(t *testing.T) {
	t.Parallel()
	want := "# The life of a case\n\n" +
		"Drawn from `Rules` in core/appeal/life; its test keeps this page true (`go test ./core/appeal/life -update` writes it anew).\n\n" +
		"```mermaid\n" + life.Diagram() + "```\n\n" +
		"\"keeper\" is who answers for the case to the customer: `vp_specialist` for questions and reviews, `application_router`, `complaint_router`; " +
		"the supervisor may do what he may. Whom a case is about may do nothing with it. \"—\" is: the state stays.\n\n" +
		life.Table()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the rules say: run go test ./core/appeal/life -update", page)
	}
	for _, s := range life.States() {
		if !strings.Contains(life.Diagram(), string(s)) {
			t.Errorf("the diagram has no %s", s)
		}
	}
}
