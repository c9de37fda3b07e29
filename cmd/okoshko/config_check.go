package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"okoshko/core/calendar"
	"okoshko/core/privacy"
)

// Validate checks every value and returns all that is wrong as one Invalid
// error, a sentence a line, or nil.
func (c Config) Validate() error {
	var p problems
	c.validate(&p)
	return p.err()
}

// ValidateLive checks what a server with real customers needs on top of a
// valid configuration; the demo makes it up by itself.
func (c Config) ValidateLive() error {
	var p problems
	if c.Data.Key.IsZero() {
		p.add("data.key", "must be set: it encrypts customers' files and personal fields. "+
			"Make one with: echo k1:$(head -c 32 /dev/urandom | base64)")
	}
	if !c.Payment.URL.IsZero() && (c.Payment.Token.IsZero() || len(c.Payment.Secret.Reveal()) < shortestSecret) {
		p.add("payment.secret", "must be set with payment.token, %d bytes or longer: without it everybody could report payments", shortestSecret)
	}
	return p.err()
}

func (c Config) validate(p *problems) {
	c.validateServer(p)
	c.validateStores(p)
	c.validateTelegram(p)
	c.validateWebChat(p)
	c.validateCompany(p)
	if _, err := calendar.ParseWeek(c.Desk.Hours); err != nil {
		p.add("desk.hours", "must be hours such as Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-15:00: %v", err)
	}
	within(p, "desk.handling", c.Desk.Handling, 0, 4*time.Hour)
	within(p, "limits.guest_tries_per_hour", c.Limits.GuestTriesPerHour, 1, 1000)
	within(p, "limits.address_tries_per_hour", c.Limits.AddressTriesPerHour, 1, 100_000)
	within(p, "limits.codes_per_hour", c.Limits.CodesPerHour, 1, 1000)
	within(p, "limits.appeals_per_hour", c.Limits.AppealsPerHour, 1, 1000)
	within(p, "limits.same_appeal", c.Limits.SameAppeal, 0, 24*time.Hour)
	within(p, "dialogs.reminder", c.Dialogs.Reminder, time.Minute, 24*time.Hour)
	// A form and the draft that it becomes hold personal data, which may stay
	// for a day at most (domain.md §3.1, retention).
	within(p, "dialogs.expiry", c.Dialogs.Expiry, 2*time.Minute, 12*time.Hour)
	if c.Dialogs.Reminder >= c.Dialogs.Expiry {
		p.add("dialogs.reminder", "must be shorter than dialogs.expiry, or nobody is ever reminded")
	}
	for key, schedule := range map[string]string{
		"jobs.partitions": c.Jobs.Partitions, "jobs.tidy": c.Jobs.Tidy, "jobs.payments": c.Jobs.Payments,
	} {
		if _, err := cron.ParseStandard(schedule); err == nil {
			continue
		}
		p.add(key, `must be a schedule of five fields such as "0 3 * * *", or @daily`)
	}
	oneOf(p, "log.format", c.Log.Format, "text", "json")
}

func (c Config) validateServer(p *problems) {
	if !isListen(c.HTTP.Listen) {
		p.add("http.listen", "must be an address and a port such as 127.0.0.1:8080, not %q", c.HTTP.Listen)
	}
	if !isURL(c.HTTP.PublicURL, "http", "https") {
		p.add("http.public_url", "must be an address such as https://chat.example.org, not %q", privacy.NewURL(c.HTTP.PublicURL))
	}
	if page := c.WebChat.PageURL; page != "" && (!isURL(page, "http", "https") || strings.ContainsAny(page, "?#")) {
		p.add("webchat.page_url", "must be an address such as https://www.example.org/help, or empty, not %q", privacy.NewURL(page))
	}
	for _, proxy := range c.HTTP.TrustedProxies {
		_, errAddress := netip.ParseAddr(proxy)
		_, errNetwork := netip.ParsePrefix(proxy)
		if errAddress != nil && errNetwork != nil {
			p.add("http.trusted_proxies", "must hold addresses or networks such as 10.0.0.0/8, not %q", proxy)
		}
	}
	// A Telegram update is far below 64 KiB; one that were refused for its
	// size would hold its chat for a day.
	within(p, "http.body_limit", c.HTTP.BodyLimit, 64<<10, 1<<30)
	switch {
	case c.Admin.Listen == "":
	case !isListen(c.Admin.Listen):
		p.add("admin.listen", "must be an address and a port such as 127.0.0.1:9090, or empty, not %q", c.Admin.Listen)
	case c.Admin.Listen == c.HTTP.Listen && !strings.HasSuffix(c.Admin.Listen, ":0"):
		p.add("admin.listen", "must not be http.listen: metrics and profiles are not for the public")
	}
	if c.Data.Dir == "" {
		p.add("data.dir", "must name a folder")
	}
	if _, err := c.Data.Keys(); err != nil {
		p.add("data.key", "%v", err)
	}
}

func (c Config) validateStores(p *problems) {
	if u := c.Postgres.URL.Reveal(); u != "" && !hasScheme(u, "postgres", "postgresql") {
		p.add("postgres.url", "must look like postgres://user:password@host:5432/database")
	}
	within(p, "postgres.max_connections", c.Postgres.MaxConnections, 4, 1000)
	within(p, "postgres.statement_timeout", c.Postgres.StatementTimeout, 100*time.Millisecond, 5*time.Minute)
	if u := c.Redis.URL.Reveal(); u != "" {
		if _, err := ParseRedisURL(u); err != nil {
			p.add("redis.url", "%v", err)
		}
	}
	if u := c.SMTP.URL.Reveal(); u != "" && !isURL(u, "smtp", "smtps") {
		p.add("smtp.url", "must look like smtp://user:password@host:587, or smtps:// for TLS from the first byte")
	}
	if _, err := privacy.ParseEmail(c.SMTP.From); err != nil {
		p.add("smtp.from", "must be a mailbox such as no-reply@example.org, not %q", c.SMTP.From)
	}
	if u := c.SMS.URL.Reveal(); u != "" && !isURL(u, "https") && !isLoopback(u) {
		p.add("sms.url", "must be an https address (plain http on loopback alone)")
	}
	if u := c.Payment.URL.Reveal(); u != "" && !isURL(u, "https") && !isLoopback(u) {
		p.add("payment.url", "must be an https address (plain http on loopback alone)")
	}
}

var (
	// officialToken is the form that Telegram gives out; emulators accept
	// shorter ones, but none that would change the address of a method.
	officialToken = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]{30,}$`)
	anyToken      = regexp.MustCompile(`^[A-Za-z0-9:_-]+$`)
	// secretToken is the rule of setWebhook's secret_token
	// (https://core.telegram.org/bots/api#setwebhook).
	secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

func (c Config) validateTelegram(p *problems) {
	t := c.Telegram
	official := t.APIURL == Default().Telegram.APIURL
	token := t.Token.Reveal()
	switch {
	case token == "":
	case official && !officialToken.MatchString(token):
		p.add("telegram.token", "must be the token that @BotFather gave, digits, a colon and a long tail")
	case !anyToken.MatchString(token):
		p.add("telegram.token", "may hold letters, digits, colon, dash and underscore only")
	}
	switch {
	case !isURL(t.APIURL, "http", "https"):
		p.add("telegram.api_url", "must be an address such as https://api.telegram.org, not %q", privacy.NewURL(t.APIURL))
	case strings.Contains(t.APIURL, "/bot"):
		p.add("telegram.api_url", "must end before /bot…, which is added to it")
	}
	oneOf(p, "telegram.mode", t.Mode, TelegramWebhook, TelegramPolling)
	oneOf(p, "telegram.policy", t.Policy, PolicyDefault, PolicyStrict)
	if t.WebhookURL != "" && !isURL(t.WebhookURL, "https") && !isLoopback(t.WebhookURL) {
		p.add("telegram.webhook_url", "must be the full https address of the webhook (plain http on loopback alone), not %q",
			privacy.NewURL(t.WebhookURL))
	}
	if !t.WebhookSecret.IsZero() && !secretToken.MatchString(t.WebhookSecret.Reveal()) {
		p.add("telegram.webhook_secret", "must be 1 to 256 letters, digits, dashes and underscores")
	}
	if u := t.Proxy.Reveal(); u != "" && !isURL(u, "http", "https", "socks5") {
		p.add("telegram.proxy", "must look like socks5://user:password@host:1080 or http://host:3128")
	}
}

// shortestSecret is that of HS256: as long as its hash (RFC 7518, 3.2).
const shortestSecret = 32

func (c Config) validateWebChat(p *problems) {
	for _, o := range c.WebChat.Origins {
		if !isURL(o, "http", "https") || origin(o) != o || strings.Contains(o, "*") {
			p.add("webchat.origins", "must hold origins such as https://www.example.org, nothing behind the name and never *, not %q", privacy.NewURL(o))
		}
	}
	if s := c.WebChat.IdentitySecret; !s.IsZero() && len(s.Reveal()) < shortestSecret {
		p.add("webchat.identity_secret", "must be %d bytes or longer", shortestSecret)
	}
	within(p, "webchat.messages_per_minute", c.WebChat.MessagesPerMinute, 6, 60000)
}

// mostKept is ten years, in months: personal data is not kept for ever.
const mostKept = 120

func (c Config) validateCompany(p *problems) {
	if _, err := c.Company.Location(); err != nil || c.Company.Zone == "" {
		p.add("company.zone", "must be a zone of the IANA list such as Asia/Yekaterinburg, not %q", c.Company.Zone)
	}
	if !isURL(c.Company.Site, "http", "https") {
		p.add("company.site", "must be an address such as https://example.org, not %q", c.Company.Site)
	}
	for _, k := range c.keys() {
		if strings.HasPrefix(k.path, "company.") && strings.TrimSpace(k.text()) == "" {
			p.add(k.path, "must not be empty: customers read it")
		}
	}
	if err := c.Company.Figures().Payee.Check(); err != nil {
		p.say("The keys of company.payee are refused: %v", err)
	}
	for _, k := range []struct{ path, value string }{
		{"company.mail", c.Company.Mail},
		{"company.mail_personal_data", c.Company.MailPersonalData},
		{"company.mail_business", c.Company.MailBusiness},
	} {
		if _, err := privacy.ParseEmail(k.value); err != nil {
			p.add(k.path, "must be a mailbox such as name@example.org, not %q", k.value)
		}
	}
	within(p, "company.keep_dialogs", c.Company.KeepDialogs, 1, mostKept)
	within(p, "company.keep_appeals", c.Company.KeepAppeals, 1, mostKept)
}

// DataKey is one of the keys of data.key: 32 bytes, for AES-256.
type DataKey struct {
	ID  string
	Key privacy.Secret
}

var dataKeyID = regexp.MustCompile(`^[a-z0-9_-]{1,16}$`)

// Keys reads data.key, "id:base64,id:base64": the first encrypts, all decrypt.
// To rotate, put a new one in front; drop the old one when nothing uses it.
// The error completes "data.key …" and does not quote the keys.
func (d DataConfig) Keys() ([]DataKey, error) {
	if d.Key.IsZero() {
		return nil, nil
	}
	var keys []DataKey
	for i, item := range strings.Split(d.Key.Reveal(), ",") {
		id, encoded, _ := strings.Cut(strings.TrimSpace(item), ":")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		switch {
		case !dataKeyID.MatchString(id):
			return nil, fmt.Errorf("must be id:base64[,id:base64]: the id of key %d is not 1 to 16 small letters, digits, dashes and underscores", i+1)
		case err != nil || len(raw) != 32:
			return nil, fmt.Errorf("must hold 32 bytes in base64 after the id of key %d", i+1)
		case slices.ContainsFunc(keys, func(k DataKey) bool { return k.ID == id }):
			return nil, fmt.Errorf("must give each key its own id: that of key %d is taken", i+1)
		}
		keys = append(keys, DataKey{ID: id, Key: privacy.NewSecret(string(raw))})
	}
	return keys, nil
}

// Size is a number of bytes, written as 512KiB, 4MiB, 1GiB or a bare number.
type Size int

var sizeUnits = []struct {
	suffix string
	bytes  int
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"", 1}}

// UnmarshalText reads a size; its error completes "the key …".
func (s *Size) UnmarshalText(text []byte) error {
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(string(text), unit.suffix)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if err != nil || n < 0 || n > 1<<40/unit.bytes {
			break
		}
		*s = Size(n * unit.bytes)
		return nil
	}
	return errors.New("must be a size such as 512KiB or 4MiB")
}

// String writes the size as UnmarshalText reads it, in the largest unit that
// leaves a whole number.
func (s Size) String() string {
	for _, unit := range []int{2, 1, 0} {
		if u := sizeUnits[unit]; s != 0 && int(s)%u.bytes == 0 {
			return strconv.Itoa(int(s)/u.bytes) + u.suffix
		}
	}
	return strconv.Itoa(int(s))
}

func within[T int | Size | time.Duration](p *problems, path string, value, least, most T) {
	if value < least || value > most {
		p.add(path, "must be between %v and %v, not %v", least, most, value)
	}
}

func oneOf(p *problems, path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.add(path, "must be %s, not %q", strings.Join(allowed, " or "), value)
	}
}

// isListen reports whether s is host:port; an empty host is every address.
func isListen(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && isPort(port, 0)
}

func isPort(s string, least int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= least && n <= 65535
}

func hasScheme(s string, schemes ...string) bool {
	scheme, rest, _ := strings.Cut(s, "://")
	return rest != "" && slices.Contains(schemes, scheme)
}

func isURL(s string, schemes ...string) bool {
	u, err := url.Parse(s)
	return err == nil && hasScheme(s, schemes...) && u.Hostname() != ""
}

func isLoopback(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" {
		return false
	}
	return isLocal(u.Hostname())
}
