// Package mail sends letters through the company's SMTP server (RFC 5321).
package mail

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	smtp "github.com/wneessen/go-mail"

	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// Config says where the server is and who writes.
type Config struct {
	// URL is smtp://[user:password@]host[:587], which must offer STARTTLS unless
	// the host is this machine, or smtps://…[:465].
	URL privacy.URL
	// From is the mailbox that letters come from, Name what stands beside it.
	From privacy.Email
	Name string
	// ReplyTo is where replies go, a mailbox that people read; zero: to From.
	ReplyTo privacy.Email
	// Timeout bounds a whole exchange; zero means DefaultTimeout.
	Timeout time.Duration
}

// DefaultTimeout is less than a job may take.
const DefaultTimeout = 20 * time.Second

// Mail sends letters; it implements notice.Sender.
type Mail struct {
	cfg     Config
	host    string
	options []smtp.Option
}

var _ notice.Sender = (*Mail)(nil)

// New reads the address; it does no I/O. The error is Invalid and never quotes a
// password.
func New(cfg Config) (*Mail, error) {
	u, err := url.Parse(cfg.URL.Reveal())
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fault.New(fault.Invalid, "the address of the mail server is not understood")
	}
	if cfg.From.IsZero() {
		return nil, fault.New(fault.Invalid, "letters need a mailbox to come from")
	}
	m := &Mail{cfg: cfg, host: u.Hostname(), options: []smtp.Option{smtp.WithTimeout(cmp.Or(cfg.Timeout, DefaultTimeout))}}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		m.options = append(m.options, smtp.WithSSL())
	case isLoopback(m.host):
		m.options = append(m.options, smtp.WithTLSPolicy(smtp.TLSOpportunistic))
	default:
		m.options = append(m.options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fault.New(fault.Invalid, "the port of the mail server is not a number")
		}
	}
	m.options = append(m.options, smtp.WithPort(port))
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		m.options = append(m.options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(user), smtp.WithPassword(password))
	}
	return m, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send implements notice.Sender. A server's refusal for good (5yz) is Invalid,
// everything else Unavailable.
func (m *Mail) Send(ctx context.Context, id string, n notice.Notice, l notice.Letter) error {
	letter, err := m.write(id, n, l)
	if err != nil {
		return err
	}
	client, err := smtp.NewClient(m.host, m.options...)
	if err != nil {
		return fault.New(fault.Internal, "the mail client refuses its settings")
	}
	return refusal(client.DialAndSendWithContext(ctx, letter))
}

func (m *Mail) write(id string, n notice.Notice, l notice.Letter) (*smtp.Msg, error) {
	letter := smtp.NewMsg()
	if err := letter.FromFormat(m.cfg.Name, m.cfg.From.Reveal()); err != nil {
		return nil, fault.New(fault.Invalid, "the mailbox that letters come from is not understood")
	}
	if err := letter.To(n.Email.Reveal()); err != nil {
		return nil, fault.New(fault.Invalid, "the receiver's mailbox is not understood")
	}
	if !m.cfg.ReplyTo.IsZero() {
		if err := letter.ReplyToFormat(m.cfg.Name, m.cfg.ReplyTo.Reveal()); err != nil {
			return nil, fault.New(fault.Invalid, "the mailbox that replies go to is not understood")
		}
	}
	letter.Subject(l.Subject)
	letter.SetMessageIDWithValue(id + "@" + domainOf(m.cfg.From.Reveal()))
	letter.SetDate()
	// Nobody reads answers by machines (RFC 3834).
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetBodyString(smtp.TypeTextPlain, l.Text)
	for _, f := range l.Files {
		err := letter.AttachReader(f.Name, bytes.NewReader(f.Data), smtp.WithFileContentType(smtp.ContentType(f.Media)))
		if err != nil {
			return nil, fault.New(fault.Internal, "a file cannot be enclosed")
		}
	}
	return letter, nil
}

func domainOf(mailbox string) string {
	for i := len(mailbox) - 1; i >= 0; i-- {
		if mailbox[i] == '@' {
			return mailbox[i+1:]
		}
	}
	return mailbox
}

// refusal keeps the code of what went wrong and leaves the server's words out:
// they quote the receiver.
func refusal(err error) error {
	if err == nil {
		return nil
	}
	var failed *smtp.SendError
	if errors.As(err, &failed) && failed.ErrorCode() != 0 {
		kind := fault.Unavailable
		if !failed.IsTemp() {
			kind = fault.Invalid
		}
		return fault.New(kind, fmt.Sprintf("the mail server answered %d", failed.ErrorCode()))
	}
	return fault.New(fault.Unavailable, "the mail server cannot be reached, or hangs up")
}
