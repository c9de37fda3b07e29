package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // company.zone must mean the same on a machine without zone files.

	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// Config is everything that an operator can set. Its keys are those of
// config.yaml, which says what each is for; every key has an environment
// variable named after its path: telegram.api_url is OKOSHKO_TELEGRAM_API_URL.
// A variable wins over the file, the file over the defaults.
type Config struct {
	HTTP     HTTPConfig     `yaml:"http"`
	Admin    AdminConfig    `yaml:"admin"`
	Data     DataConfig     `yaml:"data"`
	Postgres PostgresConfig `yaml:"postgres"`
	Redis    RedisConfig    `yaml:"redis"`
	Telegram TelegramConfig `yaml:"telegram"`
	WebChat  WebChatConfig  `yaml:"webchat"`
	Desk     DeskConfig     `yaml:"desk"`
	SMTP     SMTPConfig     `yaml:"smtp"`
	SMS      SMSConfig      `yaml:"sms"`
	Payment  PaymentConfig  `yaml:"payment"`
	Company  CompanyConfig  `yaml:"company"`
	Limits   LimitsConfig   `yaml:"limits"`
	Dialogs  DialogsConfig  `yaml:"dialogs"`
	Jobs     JobsConfig     `yaml:"jobs"`
	Log      LogConfig      `yaml:"log"`

	origin map[string]string // key → where it was set, for Print
}

// HTTPConfig is the public side: webhook, widget, console and site.
type HTTPConfig struct {
	Listen         string   `yaml:"listen"`
	PublicURL      string   `yaml:"public_url"`
	TrustedProxies []string `yaml:"trusted_proxies"`
	BodyLimit      Size     `yaml:"body_limit"`
}

// AdminConfig is the side of the operators of the machine.
type AdminConfig struct {
	Listen string `yaml:"listen"`
}

// DataConfig is what this replica keeps on its own disk, and the keys of what
// is kept encrypted anywhere.
type DataConfig struct {
	Dir string         `yaml:"dir"`
	Key privacy.Secret `yaml:"key"`
}

// PostgresConfig is the store of facts.
type PostgresConfig struct {
	URL              privacy.URL   `yaml:"url"`
	MaxConnections   int           `yaml:"max_connections"`
	StatementTimeout time.Duration `yaml:"statement_timeout"`
}

// RedisConfig is the store of running dialogs; ParseRedisURL reads URL.
type RedisConfig struct {
	URL privacy.URL `yaml:"url"`
}

// TelegramConfig is the Telegram channel, which is off without a token.
type TelegramConfig struct {
	Token         privacy.Secret `yaml:"token"`
	APIURL        string         `yaml:"api_url"`
	Mode          string         `yaml:"mode"`
	WebhookURL    string         `yaml:"webhook_url"`
	WebhookSecret privacy.Secret `yaml:"webhook_secret"`
	Proxy         privacy.URL    `yaml:"proxy"`
	Policy        string         `yaml:"policy"`
}

// The values of telegram.mode.
const (
	TelegramWebhook = "webhook"
	TelegramPolling = "polling"
)

// The values of telegram.policy.
const (
	PolicyDefault = "default"
	PolicyStrict  = "strict"
)

// WebChatConfig is the chat on the supplier's own pages.
type WebChatConfig struct {
	Origins           []string       `yaml:"origins"`
	PageURL           string         `yaml:"page_url"`
	IdentitySecret    privacy.Secret `yaml:"identity_secret"`
	MessagesPerMinute int            `yaml:"messages_per_minute"`
}

// DeskConfig is the desk at which people answer.
type DeskConfig struct {
	Hours    string        `yaml:"hours"`
	Handling time.Duration `yaml:"handling"`
}

// SMTPConfig is the way of letters out.
type SMTPConfig struct {
	URL  privacy.URL `yaml:"url"`
	From string      `yaml:"from"`
}

// SMSConfig is the way of text messages out.
type SMSConfig struct {
	URL   privacy.URL    `yaml:"url"`
	Token privacy.Secret `yaml:"token"`
	From  string         `yaml:"from"`
}

// PaymentConfig is the provider of payments.
type PaymentConfig struct {
	URL    privacy.URL    `yaml:"url"`
	Token  privacy.Secret `yaml:"token"`
	Secret privacy.Secret `yaml:"secret"`
}

// CompanyConfig is what customers are told about the supplier.
type CompanyConfig struct {
	Name  Words  `yaml:"name"`
	Brand Words  `yaml:"brand"`
	Zone  string `yaml:"zone"`
	Phone string `yaml:"phone"`
	Hours Words  `yaml:"hours"`
	// Address is where letters come from, and can be answered to.
	Address Words  `yaml:"address"`
	Site    string `yaml:"site"`
	// Payee is to whom bills are paid, besides its name.
	Payee PayeeConfig `yaml:"payee"`
	// Mail is the mailbox for everybody; bills must name one (Rules 354, п. 69).
	Mail string `yaml:"mail"`
	// The mailboxes for matters of personal data, and of the department for
	// organisations.
	MailPersonalData string `yaml:"mail_personal_data"`
	MailBusiness     string `yaml:"mail_business"`
	// Months for which dialogs and appeals are kept.
	KeepDialogs int `yaml:"keep_dialogs"`
	KeepAppeals int `yaml:"keep_appeals"`
}

// PayeeConfig is the supplier's bank account, as payment orders have it.
type PayeeConfig struct {
	INN     string `yaml:"inn"`
	KPP     string `yaml:"kpp"`
	Account string `yaml:"account"`
	Bank    string `yaml:"bank"`
	BIC     string `yaml:"bic"`
	Corresp string `yaml:"corresp"`
}

// Location returns the zone in which deadlines and schedules are computed.
func (c CompanyConfig) Location() (*time.Location, error) { return time.LoadLocation(c.Zone) }

// Words is a text in every language that customers can choose.
type Words struct {
	RU string `yaml:"ru"`
	EN string `yaml:"en"`
}

// LimitsConfig bounds what a stranger may try.
type LimitsConfig struct {
	GuestTriesPerHour   int           `yaml:"guest_tries_per_hour"`
	AddressTriesPerHour int           `yaml:"address_tries_per_hour"`
	CodesPerHour        int           `yaml:"codes_per_hour"`
	AppealsPerHour      int           `yaml:"appeals_per_hour"`
	SameAppeal          time.Duration `yaml:"same_appeal"`
}

// DialogsConfig is the patience of forms.
type DialogsConfig struct {
	Reminder time.Duration `yaml:"reminder"`
	Expiry   time.Duration `yaml:"expiry"`
}

// JobsConfig holds the schedule of each job of jobs.go.
type JobsConfig struct {
	Partitions string `yaml:"partitions"`
	Tidy       string `yaml:"tidy"`
	Payments   string `yaml:"payments"`
}

// LogConfig is the form of the log on standard error.
type LogConfig struct {
	Level  slog.Level `yaml:"level"`
	Format string     `yaml:"format"`
}

//go:embed company.yaml
var companyYAML []byte

// Default returns the configuration of a machine on which nothing was set:
// the demo's supplier, everything on loopback, private stores under ./var.
func Default() Config {
	c := Config{
		HTTP:     HTTPConfig{Listen: "127.0.0.1:8080", PublicURL: "http://localhost:8080", BodyLimit: 4 << 20},
		Admin:    AdminConfig{Listen: "127.0.0.1:9090"},
		Data:     DataConfig{Dir: "./var"},
		Postgres: PostgresConfig{MaxConnections: 16, StatementTimeout: 5 * time.Second},
		Telegram: TelegramConfig{APIURL: "https://api.telegram.org", Mode: TelegramPolling, Policy: PolicyDefault},
		WebChat:  WebChatConfig{MessagesPerMinute: 60},
		SMTP:     SMTPConfig{From: "no-reply@sesk.example"},
		SMS:      SMSConfig{From: "SESK"},
		Desk:     DeskConfig{Hours: "Mon-Fri 08:00-20:00; Sat 09:00-15:00", Handling: 7 * time.Minute},
		Company: CompanyConfig{
			Zone:  "Asia/Yekaterinburg", // UTC+5, no summer time
			Phone: "8 800 000-01-01",
			Site:  "https://starogorenergosbyt.example",
			Payee: PayeeConfig{ // spec §2.7; the bank's name is in company.yaml
				INN: "0000123450", KPP: "000101001", Account: "40702810900000000101", BIC: "040000777", Corresp: "30101810900000000777",
			},
			Mail: "info@sesk.example", MailPersonalData: "pdn@sesk.example", MailBusiness: "biz@sesk.example",
			KeepDialogs: 12, KeepAppeals: 60, // spec §3.1
		},
		Limits:  LimitsConfig{GuestTriesPerHour: 5, AddressTriesPerHour: 20, CodesPerHour: 5, AppealsPerHour: 10, SameAppeal: 10 * time.Minute},
		Dialogs: DialogsConfig{Reminder: 30 * time.Minute, Expiry: 12 * time.Hour},
		Jobs:    JobsConfig{Partitions: "0 3 * * *", Tidy: "30 3 * * *", Payments: "*/5 * * * *"},
		Log:     LogConfig{Level: slog.LevelInfo, Format: "text"},
		origin:  map[string]string{},
	}
	var p problems
	readYAML(&c, "company.yaml", companyYAML, &p)
	if len(p) > 0 {
		panic(p.err()) // the file is part of the program
	}
	clear(c.origin)
	return c
}

// Load returns the defaults, changed by the file at path ("" for none) and by
// the OKOSHKO_ variables of environ ("name=value", as os.Environ gives them).
// The error is Invalid and lists everything that is wrong, one sentence a
// line: unknown keys and variables, values that cannot be read, and what
// Validate finds. It never holds the value of a secret.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	var p problems
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return c, fault.Wrap(fault.Invalid, fmt.Errorf("read configuration: %w", err))
		}
		readYAML(&c, path, data, &p)
	}
	readEnviron(&c, environ, &p)
	c.validate(&p)
	return c, p.err()
}

// Print writes the effective configuration, a key a line, and where each
// value that is not the default was set. Secrets show as set or not.
func (c Config) Print(w io.Writer) error {
	var out strings.Builder
	for _, k := range c.keys() {
		fmt.Fprintf(&out, "%s: %s", k.path, k.text())
		if origin := c.origin[k.path]; origin != "" {
			fmt.Fprintf(&out, "  (%s)", origin)
		}
		out.WriteByte('\n')
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// problems are sentences about a configuration.
type problems []string

// add notes what is wrong with a key: "must be …".
func (p *problems) add(path, predicate string, args ...any) {
	*p = append(*p, fmt.Sprintf("%s (%s) %s.", path, variable(path), fmt.Sprintf(predicate, args...)))
}

// say notes a whole sentence.
func (p *problems) say(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...)+".")
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return fault.Wrap(fault.Invalid, errors.New(strings.Join(p, "\n")))
}
