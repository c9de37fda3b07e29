package privacy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"

	"okoshko/core/privacy"
)

func TestSecret(t *testing.T) {
	t.Parallel()
	secret := privacy.NewSecret("123456:token")
	if secret.Reveal() != "123456:token" || secret.IsZero() {
		t.Errorf("the secret is lost: %q", secret.Reveal())
	}
	for other, equal := range map[string]bool{"123456:token": true, "123456:tokeN": false, "123456:token ": false, "": false} {
		if secret.Equal(privacy.NewSecret(other)) != equal {
			t.Errorf("equal to %q: want %v", other, equal)
		}
	}
	data, err := json.Marshal(map[string]any{"secret": secret, "none": privacy.Secret{}})
	if err != nil || string(data) != `{"none":"","secret":"***"}` {
		t.Errorf("JSON: %s, %v", data, err)
	}
	var none privacy.Secret
	if !none.IsZero() || none.String() != "" || none.Reveal() != "" || !none.Equal(privacy.NewSecret("")) {
		t.Error("the zero secret is not empty")
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for full, shown := range map[string]string{
		"":                                "",
		"redis://store:6379/1":            "redis://store:6379/1",
		"postgres://user:pass@db/okoshko": "postgres://db/okoshko",
		"postgres://u@db/okoshko?password=pass#p": "postgres://db/okoshko",
		"redis+cluster://:pass@a:1,b:2":           "redis+cluster://a:1,b:2",
		"unix:///var/run/redis.sock?db=1":         "unix:///var/run/redis.sock",
		"redis://:pa/ss@store":                    "redis://store",
		"redis://:pa?ss@store":                    "***",
		"redis://:pa@ss@store":                    "redis://store",
		"host=db password=pass":                   "***",
	} {
		u := privacy.NewURL(full)
		if u.String() != shown || u.Reveal() != full {
			t.Errorf("%q shows %q, want %q", full, u.String(), shown)
		}
	}
}

const token = "123456789:AAE-token_of/a+bot"

func TestRedact(t *testing.T) {
	t.Parallel()
	transport := fmt.Errorf("post: %w", errors.New(`Post "https://api.telegram.org/bot`+token+`/sendMessage": EOF`))
	type reply struct{ Address *string }
	address := "https://example.org/?token=123456789%3AAAE-token_of%2Fa%2Bbot"
	for name, write := range map[string]func(*slog.Logger){
		"message":      func(l *slog.Logger) { l.Info("token " + token) },
		"text":         func(l *slog.Logger) { l.Info("m", "address", token) },
		"key":          func(l *slog.Logger) { l.Info("m", token, "x") },
		"error":        func(l *slog.Logger) { l.Info("m", "error", transport) },
		"bytes":        func(l *slog.Logger) { l.Info("m", "body", []byte(token)) },
		"group":        func(l *slog.Logger) { l.Info("m", slog.Group("g", slog.Group("h", "a", token))) },
		"open group":   func(l *slog.Logger) { l.WithGroup(token).Info("m", "k", "v") },
		"logger's own": func(l *slog.Logger) { l.With("url", token).Info("m") },
		"struct":       func(l *slog.Logger) { l.Info("m", "r", struct{ T []string }{[]string{token}}) },
		"pointer":      func(l *slog.Logger) { l.Info("m", "r", reply{Address: &address}) },
		"valuer":       func(l *slog.Logger) { l.Info("m", "v", late(token)) },
		"encoded":      func(l *slog.Logger) { l.Info("m", "v", address) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, handler := range []func(*bytes.Buffer) slog.Handler{
				func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
				func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
			} {
				var wall, bare bytes.Buffer
				write(slog.New(privacy.Redact(handler(&wall), privacy.NewSecret(token), privacy.Secret{})))
				if strings.Contains(wall.String(), "AAE") || !strings.Contains(wall.String(), privacy.Hidden) {
					t.Errorf("the token went through: %s", wall.String())
				}
				write(slog.New(handler(&bare)))
				if bare.Len() == 0 {
					t.Error("the row writes nothing")
				}
			}
		})
	}
}

type late string

func (l late) LogValue() slog.Value { return slog.StringValue(string(l)) }

// TestRedactLeavesTheRest says that a line without secrets is written as if
// there were no wall, and that secrets may be one another's beginnings.
func TestRedactLeavesTheRest(t *testing.T) {
	t.Parallel()
	write := func(wrap func(slog.Handler) slog.Handler) string {
		var out bytes.Buffer
		drop := func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}
		handler := slog.NewJSONHandler(&out, &slog.HandlerOptions{AddSource: true, ReplaceAttr: drop})
		slog.New(wrap(handler)).With("n", 1).Warn("plain", "list", []int{1, 2}, "error", errors.New("x"), "nil", nil, "on", true)
		return out.String()
	}
	bare := write(func(h slog.Handler) slog.Handler { return h })
	walled := write(func(h slog.Handler) slog.Handler { return privacy.Redact(h, privacy.NewSecret(token)) })
	if bare != walled {
		t.Errorf("without secrets:\n%s\nbehind the wall:\n%s", bare, walled)
	}
	var out bytes.Buffer
	slog.New(privacy.Redact(slog.NewTextHandler(&out, nil), privacy.NewSecret("secret"), privacy.NewSecret("secret-longer"), privacy.NewSecret("a"))).
		Info("a secret-longer")
	if !strings.Contains(out.String(), `msg="a ***"`) {
		t.Errorf("got %s", out.String())
	}
}

// TestRedactIsAHandler runs the standard library's own suite behind the wall.
func TestRedactIsAHandler(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := slogtest.TestHandler(privacy.Redact(slog.NewJSONHandler(&out, nil), privacy.NewSecret(token)), func() []map[string]any {
		var lines []map[string]any
		for line := range bytes.Lines(out.Bytes()) {
			var m map[string]any
			if err := json.Unmarshal(line, &m); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, m)
		}
		return lines
	})
	if err != nil {
		t.Error(err)
	}
}
