package audit_test

import (
	"testing"

	"okoshko/core/audit"
)

func TestTells(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]bool{
		"": false, ".": false, ". . . . . .": false, "так": false, "ok!!!!!": false, "\xff\xff\xff\xff\xff": false,
		"фирма": true, "№ 12345": true, "Это имя сотрудницы офиса": true,
	} {
		if got := audit.Tells(reason); got != want {
			t.Errorf("%q: %v", reason, got)
		}
	}
}
