package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A supplier brings its customers: what one database gives out another takes, from a
// file and from standard input, a customer is served from it, and what is wrong in a
// file is told by its line. The commands and their columns are a contract (design §6).
func TestImportAndExport(t *testing.T) {
	t.Parallel()
	key := "OKOSHKO_DATA_KEY=new:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	from, to := onStores(t), append(onStores(t), key)
	code, _, said := run(t, from, "", "demo")
	if code != 0 {
		t.Fatalf("the demo: exit code %d: %s", code, said)
	}
	code, register, said := run(t, from, "", "export")
	const head = "account,territory,closed,name,address,house,flat,phone,email,tax_id,payer,tariff_group,rural,heating,stove,rooms,residents," +
		"households,price_category,voltage,since,unified,meter,digits,zones,power_w,remote,verified_until,out_of_service_since," +
		"register,period,source,value,at,rollover,high\n"
	if code != 0 || !strings.HasPrefix(register, head) || !strings.Contains(register, "\n0145201372,") {
		t.Fatalf("export: exit code %d: %s\n%.300s", code, said, register)
	}
	if strings.Contains(said, "0145201372") || strings.Contains(said, "Соколова") {
		t.Errorf("a log names customers: %s", said)
	}

	file := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(file, []byte(register), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, said := run(t, to, "", "import", "--check", file); code != 0 || !strings.Contains(out, "Nothing was taken") || !strings.Contains(out, "16 added") {
		t.Errorf("checked: exit code %d: %s%s", code, out, said)
	}
	if code, out, said := run(t, to, register, "import"); code != 0 || !strings.Contains(out, "16 added") {
		t.Errorf("imported: exit code %d: %s%s", code, out, said)
	}
	if code, again, said := run(t, to, "", "export"); code != 0 || again != register {
		t.Errorf("exported again: exit code %d, %d bytes instead of %d: %s", code, len(again), len(register), said)
	}
	if code, new, said := run(t, to, "", "export", "--since", "2026-10-01"); code != 0 || !strings.Contains(new, ",2026-10,customer,14712,") || strings.Contains(new, "Соколова") {
		t.Errorf("the new readings: exit code %d: %s%s", code, new, said)
	}

	code, out, said := run(t, to, "account,house\n0145201372,5\n0145201373,6\n", "import", "-")
	if code != exitFailed || !strings.Contains(out, "1 not taken") || !strings.Contains(said, "line 3: account") || strings.Contains(said, "0145201373") {
		t.Errorf("a wrong line: exit code %d: %s%s", code, out, said)
	}
	for _, c := range []struct {
		environ []string
		stdin   string
		args    []string
		code    int
		want    string
	}{
		{from, register, []string{"import"}, exitUsage, "OKOSHKO_DATA_KEY"},
		{to, register, []string{"import", "--demo"}, exitFailed, "other than demo"},
		{append(slices.Clone(from), key), register, []string{"import"}, exitFailed, "holds a demo"},
		{from, register, []string{"import", "--demo"}, 0, ""},
		{to, "shoe_size\n", []string{"import"}, exitUsage, "shoe_size"},
		{to, "", []string{"import", "/nowhere.csv"}, exitUsage, "/nowhere.csv"},
		{to, "", []string{"import", "a", "b"}, exitUsage, `unexpected "b"`},
		{to, "", []string{"export", "--since", "yesterday"}, exitUsage, "2026-11-27"},
	} {
		if code, out, said := run(t, c.environ, c.stdin, c.args...); code != c.code || !strings.Contains(said, c.want) {
			t.Errorf("%v: exit code %d: %s%s", c.args, code, out, said)
		}
	}
}
