package main

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
)

// run runs the program as a shell would, and returns what it wrote.
func run(t *testing.T, environ []string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{environ: environ, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs}
	code = p.main(t.Context(), args)
	return code, out.String(), errs.String()
}

// onStores names a database and a Redis of the test's own.
func onStores(t *testing.T) []string {
	t.Helper()
	return []string{
		"OKOSHKO_POSTGRES_URL=" + pgtest.URL(t), "OKOSHKO_REDIS_URL=" + redistest.URL(t),
		"OKOSHKO_DATA_DIR=" + t.TempDir(),
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"dance"}, {"serve", "--dance"}, {"migrate", "now"}, {"serve", "--config", "/nowhere.yaml"}} {
		if code, _, said := run(t, nil, "", args...); code != exitUsage || said == "" {
			t.Errorf("okoshko %v: exit code %d, said %q", args, code, said)
		}
	}
	if code, _, said := run(t, []string{"OKOSHKO_LOG_LEVEL=loud"}, "", "migrate"); code != exitUsage || !strings.Contains(said, "OKOSHKO_LOG_LEVEL") {
		t.Errorf("a wrong variable: exit code %d, said %q", code, said)
	}
}

// A server for real customers is not started without a key for their files.
func TestServeNeedsAKey(t *testing.T) {
	t.Parallel()
	code, _, said := run(t, []string{"OKOSHKO_DATA_DIR=" + t.TempDir()}, "", "serve")
	if code != exitUsage || !strings.Contains(said, "OKOSHKO_DATA_KEY") {
		t.Errorf("exit code %d, said %q", code, said)
	}
}

func TestCheckConfig(t *testing.T) {
	t.Parallel()
	code, out, _ := run(t, []string{"OKOSHKO_HTTP_LISTEN=127.0.0.1:7070", "OKOSHKO_TELEGRAM_TOKEN=123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"},
		"", "check-config", "--demo")
	if code != 0 || !strings.Contains(out, "http.listen: 127.0.0.1:7070  (OKOSHKO_HTTP_LISTEN)") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if strings.Contains(out, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw") {
		t.Error("the token shows")
	}
}

func TestDialogsAreDrawn(t *testing.T) {
	t.Parallel()
	code, out, _ := run(t, nil, "", "dialogs")
	if code != 0 || !strings.Contains(out, "## readings") || !strings.Contains(out, "flowchart TD") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

// The CSV is a contract (design §6): other people's scripts read it.
func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	environ := onStores(t)
	code, out, said := run(t, environ, "", "demo", "--accounts", "7", "--seed", "3")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 8 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if header := strings.Join(rows[0], ","); header != "account,house,flat,meter,digits,zones,last" {
		t.Errorf("the header is %s", header)
	}
	for _, row := range rows[1:] {
		if zones := row[5]; len(zones) != 1 || strings.Count(row[6], "/") != int(zones[0]-'1') {
			t.Errorf("%v: as many last values as zones", row)
		}
	}
	if code, out, said := run(t, environ, "", "demo"); code != 0 || strings.Count(out, "\n") != 1 {
		t.Errorf("a second time without accounts: exit code %d, %q, %s", code, out, said)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	environ := onStores(t)
	code, out, said := run(t, environ, "", "doctor")
	if code != 0 {
		t.Errorf("exit code %d:\n%s%s", code, out, said)
	}
	for _, line := range []string{"ok    postgres", "ok    redis", "warn  telegram"} {
		if !strings.Contains(out, line) {
			t.Errorf("no line %q in\n%s", line, out)
		}
	}
	environ = append(environ, "OKOSHKO_REDIS_URL=redis://127.0.0.1:1")
	if code, out, _ := run(t, environ, "", "doctor"); code != exitFailed || !strings.Contains(out, "FAIL") {
		t.Errorf("without Redis: exit code %d:\n%s", code, out)
	}
}

// A whole reading, typed at a terminal.
func TestChat(t *testing.T) {
	t.Parallel()
	environ := onStores(t)
	if code, _, said := run(t, environ, "", "demo"); code != 0 {
		t.Fatal(said)
	}
	code, out, said := run(t, environ, "привет\n0145201372 14920\n5093\nда\n", "chat", "--as", "somebody")
	if code != 0 || !strings.Contains(out, "Показания приняты") || !strings.Contains(out, "1. Передать показания") {
		t.Errorf("exit code %d:\n%s%s", code, out, said)
	}
	if strings.Contains(said, "0145201372") {
		t.Error("the account number stands in the log")
	}
}
