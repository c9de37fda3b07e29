// Package sms sends text messages through a provider's HTTP interface.
package sms

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// Config says where the provider is.
type Config struct {
	// URL takes a POST of {"id", "to", "from", "text"} as JSON with the token as
	// bearer. "to" is E.164; a message whose id the provider has had already is
	// not sent again. 2xx means taken, 429 and 5xx later, other 4xx never.
	URL   privacy.URL
	Token privacy.Secret
	// From is the sender's name that phones show, as agreed with the provider.
	From string
	// Timeout bounds a call; zero means DefaultTimeout.
	Timeout time.Duration
}

// DefaultTimeout is less than a job may take.
const DefaultTimeout = 15 * time.Second

// SMS sends text messages; it implements notice.Sender.
type SMS struct {
	cfg    Config
	client *http.Client
}

var _ notice.Sender = (*SMS)(nil)

// New reads the address; it does no I/O. The error is Invalid.
func New(cfg Config) (*SMS, error) {
	u, err := url.Parse(cfg.URL.Reveal())
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "the address of the provider of text messages is not understood")
	}
	return &SMS{cfg: cfg, client: &http.Client{
		Timeout:       cmp.Or(cfg.Timeout, DefaultTimeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token stays with the provider
	}}, nil
}

// message is what the provider is given.
type message struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	From string `json:"from,omitempty"`
	Text string `json:"text"`
}

// mostAnswer is how much of an answer is read, so that its connection can be
// used again.
const mostAnswer = 64 << 10

// Send implements notice.Sender.
func (s *SMS) Send(ctx context.Context, id string, n notice.Notice, l notice.Letter) error {
	body, err := json.Marshal(message{id, n.Phone.Reveal(), s.cfg.From, l.Text})
	if err != nil {
		return fmt.Errorf("encode text message: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.cfg.URL.Reveal(), bytes.NewReader(body))
	if err != nil {
		return fault.New(fault.Invalid, "the address of the provider of text messages is not understood")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.cfg.Token.Reveal())
	answer, err := s.client.Do(request)
	if err != nil { // it quotes the address, which may hold a key
		return fault.New(fault.Unavailable, "the provider of text messages cannot be reached, or is too slow")
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, mostAnswer))
	_ = answer.Body.Close()
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		return fault.New(fault.Unavailable, fmt.Sprintf("the provider of text messages answered %d", code))
	default:
		return fault.New(fault.Invalid, fmt.Sprintf("the provider of text messages answered %d", code))
	}
}
