package staff

import (
	"testing"

	"okoshko/core/fault"
)

// A table that says something that nobody can mean is refused as a whole.
func TestReadRoles(t *testing.T) {
	t.Parallel()
	const head = "role\tsecond_factor\tdesk.see\n"
	if _, err := readRoles(head + "operator\t-\t+\nadmin\talways\t-\n"); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"empty":             "",
		"another head":      "role\tdesk.see\noperator\t+\n",
		"a role twice":      head + "operator\t-\t+\noperator\t-\t-\n",
		"no role":           head + "\t-\t+\n",
		"no mark":           head + "operator\t-\t\n",
		"another mark":      head + "operator\t-\tyes\n",
		"another need":      head + "operator\tsometimes\t+\n",
		"too few columns":   head + "operator\t-\n",
		"too many columns":  head + "operator\t-\t+\t+\n",
		"a quote left open": head + "\"operator\t-\t+\n",
	} {
		if _, err := readRoles(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
