package main

import (
	"strings"
	"testing"
)

// Links begin with http.public_url: who configures a server hears that they would
// lead elsewhere, and a demo has them lead to itself.
func TestLinksLeadToWhatListens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ listen, public, says, demo string }{
		{"127.0.0.1:8080", "http://localhost:8080", "", "http://localhost:8080"},
		{"127.0.0.1:21990", "http://localhost:8080", "lead elsewhere", "http://localhost:21990"},
		{"127.0.0.1:21990", "http://localhost:8080/help", "lead elsewhere", "http://localhost:21990/help"},
		{"127.0.0.1:80", "http://localhost", "", "http://localhost"},
		{"[::1]:9000", "http://[::1]:9001", "lead elsewhere", "http://[::1]:9000"},
		{"0.0.0.0:8080", "http://localhost:8080", "on this machine alone", "http://localhost:8080"},
		{":8080", "http://127.0.0.1:8080", "on this machine alone", "http://127.0.0.1:8080"},
		{"127.0.0.1:0", "http://localhost:8080", "", "http://localhost:8080"}, // nobody knows the port yet
		{"127.0.0.1:21990", "https://chat.example.org", "", "https://chat.example.org"},
		{"127.0.0.1:21990", "https://localhost", "", "https://localhost"}, // a proxy with its certificate
		{"10.0.0.7:8080", "http://10.0.0.7:80", "", "http://10.0.0.7:80"}, // a proxy in front
		{"0.0.0.0:21990", "http://localhost:8080", "lead elsewhere", "http://localhost:21990"},
	} {
		var config Config
		config.HTTP.Listen, config.HTTP.PublicURL = c.listen, c.public
		if says := config.Misleading(); (says == "") != (c.says == "") || !strings.Contains(says, c.says) {
			t.Errorf("%s for %s: %q", c.public, c.listen, says)
		}
		if demo := config.atHome().HTTP.PublicURL; demo != c.demo {
			t.Errorf("a demo at %s with %s leads to %s", c.listen, c.public, demo)
		}
	}
}

func TestCheckConfigWarns(t *testing.T) {
	t.Parallel()
	code, out, said := run(t, []string{"OKOSHKO_HTTP_LISTEN=127.0.0.1:7070"}, "", "check-config", "--demo")
	if code != 0 || !strings.Contains(said, "warn") || !strings.Contains(said, "http.public_url") || strings.Contains(out, "lead elsewhere") {
		t.Errorf("exit code %d, said %q", code, said)
	}
	if _, _, said := run(t, nil, "", "check-config", "--demo"); strings.Contains(said, "warn") {
		t.Errorf("without a reason: %q", said)
	}
}
