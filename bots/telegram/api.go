package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpproxy"
)

// hotClient makes the calls that every turn makes, over fasthttp: a third of
// what net/http costs. It knows no context, so every call has a deadline.
type hotClient struct {
	http *fasthttp.HostClient
	base string // "https://host/bot<token>/"
}

const (
	dialTimeout = 5 * time.Second
	// keepIdle is below what Telegram's servers keep an idle connection for:
	// a call on one that they have just closed fails.
	keepIdle    = 20 * time.Second
	maxConns    = 512
	maxResponse = 4 << 20
)

func newHotClient(cfg Config) (*hotClient, error) {
	api, err := url.Parse(cfg.APIURL)
	if err != nil {
		return nil, errors.New("the address of the Bot API cannot be read")
	}
	dial, err := dialer(cfg.Proxy.Reveal())
	if err != nil {
		return nil, err
	}
	addr := api.Host
	if api.Port() == "" {
		addr = net.JoinHostPort(api.Hostname(), map[string]string{"http": "80", "https": "443"}[api.Scheme])
	}
	return &hotClient{
		base: cfg.APIURL + "/bot" + cfg.Token.Reveal() + "/",
		http: &fasthttp.HostClient{
			Addr: addr, IsTLS: api.Scheme == "https", Dial: dial,
			NoDefaultUserAgentHeader: true,
			// fasthttp repeats a POST by itself when the connection closes,
			// whatever RetryIf says: a message would be sent twice.
			MaxIdemponentCallAttempts: 1,
			ReadTimeout:               10 * time.Second, WriteTimeout: 10 * time.Second,
			MaxConns: maxConns, MaxConnWaitTimeout: 3 * time.Second, MaxIdleConnDuration: keepIdle,
			MaxResponseBodySize: maxResponse,
		},
	}, nil
}

// dialer returns how connections are made: straight, or through a proxy.
func dialer(proxy string) (fasthttp.DialFunc, error) {
	if proxy == "" {
		return func(addr string) (net.Conn, error) { return fasthttp.DialDualStackTimeout(addr, dialTimeout) }, nil
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("the proxy must be http://host:port or socks5://host:port")
	case u.Scheme == "http":
		return bounded(fasthttpproxy.FasthttpHTTPDialerTimeout(strings.TrimPrefix(userinfo(u)+u.Host, "@"), dialTimeout)), nil
	case u.Scheme == "socks5" || u.Scheme == "socks5h":
		return bounded(fasthttpproxy.FasthttpSocksDialer(proxy)), nil
	}
	return nil, errors.New("the proxy must be http://host:port or socks5://host:port")
}

func userinfo(u *url.URL) string {
	password, _ := u.User.Password()
	return u.User.Username() + map[bool]string{true: ":" + password}[password != ""] + "@"
}

// bounded ends the wait for a proxy that accepts and then says nothing:
// neither of the dialers does.
func bounded(dial fasthttp.DialFunc) fasthttp.DialFunc {
	type result struct {
		conn net.Conn
		err  error
	}
	return func(addr string) (net.Conn, error) {
		done := make(chan result, 1)
		go func() {
			conn, err := dial(addr)
			done <- result{conn, err}
		}()
		timer := time.NewTimer(2 * dialTimeout)
		defer timer.Stop()
		select {
		case r := <-done:
			return r.conn, r.err
		case <-timer.C:
			go func() {
				if late := <-done; late.conn != nil {
					_ = late.conn.Close()
				}
			}()
			return nil, fasthttp.ErrDialTimeout
		}
	}
}

// call makes one hot call and returns the message_id of its result, 0 if the
// result is none. fill appends the JSON of the arguments.
func (b *Bot) call(ctx context.Context, method string, fill func([]byte) []byte) (int64, *apiError) {
	deadline := time.Now().Add(b.pace.call)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(b.hot.base + method)
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/json")
	req.SwapBody(fill(req.SwapBody(nil)[:0]))
	start := time.Now()
	err := ctx.Err()
	if err == nil {
		err = b.hot.http.DoDeadline(req, resp, deadline)
	}
	var failed *apiError
	var id int64
	if err != nil {
		failed = transportError(err)
	} else {
		id, failed = readAnswer(resp.StatusCode(), resp.Body())
	}
	b.called(method, failed, time.Since(start))
	return id, failed
}

// called counts a call and keeps whether Telegram can be reached.
func (b *Bot) called(method string, failed *apiError, took time.Duration) {
	b.cfg.Meter.Call(method, failed.label(), took)
	b.state.heard(failed)
}

// sentPrefix is how Telegram begins the answer to a message that it took; the
// rest of the answer repeats the message and is not read.
const sentPrefix = `{"ok":true,"result":{"message_id":`

// readAnswer reads the answer to a call.
func readAnswer(status int, body []byte) (int64, *apiError) {
	if status == http.StatusOK && len(body) > len(sentPrefix) && string(body[:len(sentPrefix)]) == sentPrefix {
		id, n := int64(0), len(sentPrefix)
		for ; n < len(body) && n < len(sentPrefix)+18 && body[n] >= '0' && body[n] <= '9'; n++ {
			id = 10*id + int64(body[n]-'0')
		}
		if id > 0 && n < len(body) && (body[n] == ',' || body[n] == '}') {
			return id, nil
		}
	}
	var answer tgbotapi.APIResponse
	if err := json.Unmarshal(body, &answer); err != nil || !answer.Ok && answer.ErrorCode == 0 {
		return 0, &apiError{Code: max(status, 1)} // a proxy's page, whatever its status
	}
	if !answer.Ok {
		return 0, refusal(&answer)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal(answer.Result, &sent) // of "true" there is no ID
	return sent.ID, nil
}

// coldClient makes the rare calls through the SDK, over net/http: long polls
// and files need a context and streams.
type coldClient struct {
	http     *http.Client
	endpoint string // the SDK's format of an address
	files    string // "https://host/file/bot<token>/"
}

func newColdClient(cfg Config) (*coldClient, error) {
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: usual.pollCall,
		IdleConnTimeout: keepIdle, MaxIdleConnsPerHost: 8,
	}
	if !cfg.Proxy.IsZero() {
		proxy, err := url.Parse(cfg.Proxy.Reveal())
		if err != nil {
			return nil, errors.New("the proxy must be http://host:port or socks5://host:port")
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	return &coldClient{
		http: &http.Client{
			Transport: transport,
			// The token stands in the path: it goes nowhere but to this host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		endpoint: strings.ReplaceAll(cfg.APIURL, "%", "%%") + "/bot%s/%s",
		files:    cfg.APIURL + "/file/bot" + cfg.Token.Reveal() + "/",
	}, nil
}

// doer gives the SDK what it lacks: a context, a look at the status before the
// JSON, and errors without the address.
type doer struct {
	ctx  context.Context //nolint:containedctx // the SDK's interface has no room for it
	http *http.Client
}

// Do implements tgbotapi.HTTPClient.
func (d doer) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.http.Do(req.WithContext(d.ctx))
	if err != nil {
		return nil, transportError(err)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		_ = resp.Body.Close()
		return nil, &apiError{Code: resp.StatusCode}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// maxAnswer bounds the answer to a cold call: a hundred updates of the largest
// kind are far below it.
const maxAnswer = 32 << 20

// sdk returns the SDK's client for one call.
func (b *Bot) sdk(ctx context.Context) *tgbotapi.BotAPI {
	api := &tgbotapi.BotAPI{Token: b.cfg.Token.Reveal(), Client: doer{ctx, b.cold.http}}
	api.SetAPIEndpoint(b.cold.endpoint)
	return api
}

// ask makes one cold call and decodes its result into out, unless that is nil.
func (b *Bot) ask(ctx context.Context, within time.Duration, method string, params tgbotapi.Params, out any) *apiError {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	start := time.Now()
	answer, err := b.sdk(ctx).MakeRequest(method, params)
	failed := sdkError(answer, err)
	b.called(method, failed, time.Since(start))
	b.hold(failed) // such a call is about no chat
	if failed == nil && out != nil {
		if err := json.Unmarshal(answer.Result, out); err != nil {
			return &apiError{Code: http.StatusBadGateway}
		}
	}
	return failed
}

// sdkError turns the SDK's two answers into one. Its errors are not used as
// they come: those of uploads lack the code, others hold parts of the answer.
func sdkError(answer *tgbotapi.APIResponse, err error) *apiError {
	var own *apiError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case answer != nil && !answer.Ok && answer.ErrorCode != 0:
		return refusal(answer)
	}
	return transportError(err)
}

func refusal(answer *tgbotapi.APIResponse) *apiError {
	e := &apiError{Code: answer.ErrorCode, Description: answer.Description}
	if answer.Parameters != nil {
		e.RetryAfter = time.Duration(answer.Parameters.RetryAfter) * time.Second
	}
	return e
}

// transportError keeps whether time ran out and drops everything else: texts
// of transport errors hold addresses, and those hold the token.
func transportError(err error) *apiError {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return &apiError{why: whyTimeout}
	case errors.Is(err, context.Canceled):
		return &apiError{why: whyStopped}
	}
	return &apiError{why: whyConnection}
}

// number writes an ID as Telegram's parameters have it.
func number(n int64) string { return strconv.FormatInt(n, 10) }
