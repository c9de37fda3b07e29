package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/files"
	"okoshko/adapters/mail"
	"okoshko/adapters/mail/mailtest"
	"okoshko/adapters/payment/demobank"
	"okoshko/adapters/sms"
	"okoshko/adapters/sms/smstest"
	"okoshko/bots/site/inbox"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
	"okoshko/dialogs/letters"
)

// post puts notices into words and sends them by the ways that are configured.
type post struct {
	company letters.Company
	files   *files.Store
	ways    map[notice.Way]notice.Sender
}

// newPost returns the post, which takes what it encloses from the store. A way
// that is not configured is not there.
func newPost(c Config, f *files.Store) (*post, error) {
	p := &post{
		files:   f,
		company: letters.Company{Name: byLanguage(c.Company.Brand), Hours: byLanguage(c.Company.Hours), Address: byLanguage(c.Company.Address), Phone: c.Company.Phone, Mail: c.Company.Mail},
		ways:    map[notice.Way]notice.Sender{},
	}
	if !c.SMTP.URL.IsZero() {
		from, err := privacy.ParseEmail(c.SMTP.From)
		if err != nil {
			return nil, fmt.Errorf("smtp.from: %w", err)
		}
		office, err := privacy.ParseEmail(c.Company.Mail)
		if err != nil && c.Company.Mail != "" {
			return nil, fmt.Errorf("company.mail: %w", err)
		}
		if p.ways[notice.Mail], err = mail.New(mail.Config{URL: c.SMTP.URL, From: from, Name: c.Company.Brand.RU, ReplyTo: office}); err != nil {
			return nil, err
		}
	}
	if !c.SMS.URL.IsZero() {
		sender, err := sms.New(sms.Config{URL: c.SMS.URL, Token: c.SMS.Token, From: c.SMS.From})
		if err != nil {
			return nil, err
		}
		p.ways[notice.SMS] = sender
	}
	return p, nil
}

// send implements postgres.Work.Notice.
func (p *post) send(ctx context.Context, id string, n notice.Notice) error {
	way := p.ways[n.Way()]
	if way == nil {
		return fault.New(fault.Denied, "notices by "+string(n.Way())+" are not configured")
	}
	letter, err := p.company.Write(n)
	if err != nil {
		return err
	}
	if letter.Files, err = p.enclose(ctx, n.Files); err != nil {
		return err
	}
	return way.Send(ctx, id, n, letter)
}

// largestLetter is how much may be enclosed: mail servers take 25 MB as a rule,
// and base64 makes a third more of it.
const largestLetter = 16 << 20

// enclose reads what goes along with a letter. The error is Invalid for more
// than a letter can hold, NotFound for a file that was erased.
func (p *post) enclose(ctx context.Context, list []notice.File) (out []notice.Enclosure, err error) {
	room := int64(largestLetter)
	for _, f := range list {
		about, content, err := p.files.Open(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		if room -= about.Size; room < 0 {
			return nil, errors.Join(fault.New(fault.Invalid, "the files do not fit into a letter"), content.Close())
		}
		data, err := io.ReadAll(content)
		if err := errors.Join(err, content.Close()); err != nil {
			return nil, err
		}
		out = append(out, notice.Enclosure{Name: f.Name, Media: about.Type, Data: data})
	}
	return out, nil
}

// boxes are the demo's phones, mailboxes and bank: servers of the demo's own that
// take what is sent, for pages to show. One that is configured elsewhere is nil.
type boxes struct {
	phones *smstest.Server
	mail   *mailtest.Server
	bank   *demobank.Bank
	// self is where we are, for the bank to notify; "" until we listen.
	self func() string
}

// start starts what is not configured, and configures it.
func (b *boxes) start(c *Config, now func() time.Time) (err error) {
	if c.SMS.URL.IsZero() {
		if b.phones, err = smstest.Start(demoKeep, now); err != nil {
			return fmt.Errorf("start the demo's phones: %w", err)
		}
		c.SMS.URL, c.SMS.Token = privacy.NewURL(b.phones.URL()), privacy.NewSecret(smstest.Token)
	}
	if c.SMTP.URL.IsZero() {
		if b.mail, err = mailtest.Start(demoKeep, now); err != nil {
			return fmt.Errorf("start the demo's mailboxes: %w", err)
		}
		c.SMTP.URL = privacy.NewURL(b.mail.URL())
	}
	if c.Payment.URL.IsZero() {
		b.bank, err = demobank.Start(demobank.Config{
			Page: strings.TrimSuffix(c.HTTP.PublicURL, "/") + bankPath, Notify: b.self, Keep: demoKeep, Now: now,
		})
		if err != nil {
			return fmt.Errorf("start the demo's bank: %w", err)
		}
		c.Payment = PaymentConfig{
			URL: privacy.NewURL(b.bank.URL()), Token: privacy.NewSecret(demobank.Token), Secret: privacy.NewSecret(demobank.Secret),
		}
	}
	return nil
}

// mount adds their pages.
func (b *boxes) mount(r fiber.Router, c Config) {
	zone, err := c.Company.Location()
	if err != nil {
		zone = time.UTC // refused long before
	}
	if b.phones != nil {
		inbox.Mount(r, "/demo/sms", inbox.Phone, zone, func() (list []inbox.Item) {
			for _, m := range b.phones.Messages() {
				list = append(list, inbox.Item{To: m.To, Text: m.Text, At: m.At})
			}
			return list
		})
	}
	if b.mail != nil {
		inbox.Mount(r, "/demo/mail", inbox.Mailbox, zone, func() (list []inbox.Item) {
			for _, l := range b.mail.Letters() {
				list = append(list, inbox.Item{ID: l.ID, To: l.To, Subject: l.Subject, Text: l.Text, Files: l.Files, At: l.At})
			}
			return list
		})
	}
}

func (b *boxes) close() error {
	var errs []error
	if b.bank != nil {
		errs = append(errs, b.bank.Close())
	}
	if b.phones != nil {
		errs = append(errs, b.phones.Close())
	}
	if b.mail != nil {
		errs = append(errs, b.mail.Close())
	}
	return errors.Join(errs...)
}
