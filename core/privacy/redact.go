package privacy

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
)

// shortest is the length below which a secret is not searched for: the letter
// "a" as a password would blacken every log and so give itself away.
const shortest = 6

// Redact returns a handler that writes what next writes, with every occurrence
// of the secrets replaced by Hidden: in messages, in keys, in values of any
// kind and depth, and also where a library has percent-encoded them. It is the
// second wall; the first one is that secrets and personal data mask themselves.
// Secrets of fewer than six bytes are left to the first wall.
func Redact(next slog.Handler, secrets ...Secret) slog.Handler {
	var forms []string
	for _, secret := range secrets {
		full := secret.Reveal()
		if len(full) >= shortest {
			forms = append(forms, full, url.QueryEscape(full), url.PathEscape(full))
		}
	}
	if len(forms) == 0 {
		return next
	}
	// The longest first: one secret may begin with another.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	forms = slices.Compact(forms)
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, Hidden)
	}
	return redactor{next: next, hide: strings.NewReplacer(pairs...)}
}

type redactor struct {
	next slog.Handler
	hide *strings.Replacer
}

func (r redactor) Enabled(ctx context.Context, level slog.Level) bool {
	return r.next.Enabled(ctx, level)
}

func (r redactor) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, r.hide.Replace(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(r.attr(a))
		return true
	})
	return r.next.Handle(ctx, clean)
}

func (r redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	return redactor{next: r.next.WithAttrs(r.attrs(attrs)), hide: r.hide}
}

func (r redactor) WithGroup(name string) slog.Handler {
	return redactor{next: r.next.WithGroup(r.hide.Replace(name)), hide: r.hide}
}

func (r redactor) attrs(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = r.attr(a)
	}
	return clean
}

func (r redactor) attr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		value = slog.StringValue(r.hide.Replace(value.String()))
	case slog.KindGroup:
		value = slog.GroupValue(r.attrs(value.Group())...)
	case slog.KindAny:
		value = r.opaque(value)
	}
	return slog.Attr{Key: r.hide.Replace(a.Key), Value: value}
}

// opaque looks at a value through both ways in which handlers write one. A clean
// value passes as it is, so that the handler still chooses its form; of any
// other only its redacted text is left.
func (r redactor) opaque(value slog.Value) slog.Value {
	if b, ok := value.Any().([]byte); ok {
		return slog.StringValue(r.hide.Replace(string(b)))
	}
	printed := fmt.Sprintf("%+v", value.Any())
	if clean := r.hide.Replace(printed); clean != printed {
		return slog.StringValue(clean)
	}
	if _, isError := value.Any().(error); isError {
		return value
	}
	if encoded, err := json.Marshal(value.Any()); err == nil {
		if clean := r.hide.Replace(string(encoded)); clean != string(encoded) {
			return slog.StringValue(clean)
		}
	}
	return value
}
