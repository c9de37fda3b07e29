package telegram_test

import (
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"okoshko/bots/telegram"
	"okoshko/core/privacy"
)

// tunnel joins two connections until one ends.
func tunnel(a, b net.Conn) {
	go func() {
		_, _ = io.Copy(a, b)
		_ = a.Close()
	}()
	_, _ = io.Copy(b, a)
	_ = b.Close()
}

// httpProxy tunnels, and passes plain requests on, for whoever knows the
// password.
func httpProxy(t *testing.T, used *atomic.Int64) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("u:p@ss")) {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		used.Add(1)
		if r.Method != http.MethodConnect {
			r.RequestURI = ""
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			defer func() { _ = resp.Body.Close() }()
			w.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
			w.WriteHeader(resp.StatusCode)
			_, _ = io.Copy(w, resp.Body)
			return
		}
		there, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			_ = there.Close()
			return
		}
		_, _ = here.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n"))
		go tunnel(here, there)
	}))
	t.Cleanup(srv.Close)
	return "http://u:p%40ss@" + srv.Listener.Addr().String()
}

// socksProxy speaks as much of RFC 1928 as a client without a password needs.
func socksProxy(t *testing.T, used *atomic.Int64) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				head := make([]byte, 2)
				if _, err := io.ReadFull(c, head); err != nil {
					_ = c.Close()
					return
				}
				_, _ = io.CopyN(io.Discard, c, int64(head[1]))
				_, _ = c.Write([]byte{5, 0})
				to := make([]byte, 10) // a request for an IPv4 address
				if _, err := io.ReadFull(c, to); err != nil {
					_ = c.Close()
					return
				}
				addr := &net.TCPAddr{IP: to[4:8], Port: int(to[8])<<8 | int(to[9])}
				there, err := net.DialTCP("tcp", nil, addr)
				if err != nil {
					_ = c.Close()
					return
				}
				used.Add(1)
				_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
				tunnel(c, there)
			}()
		}
	}()
	return "socks5://" + ln.Addr().String()
}

func TestProxies(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T, *atomic.Int64) string{"http": httpProxy, "socks5": socksProxy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var used atomic.Int64
			address := start(t, &used)
			w := open(t, telegram.Webhook, func(c *telegram.Config) { c.Proxy = privacy.NewURL(address) }).ready()
			before := used.Load()
			if before == 0 {
				t.Error("the setup went past the proxy")
			}
			w.sent(w.customer(1), say("через посредника"), "")
			if used.Load() == before {
				t.Error("a message went past the proxy")
			}
		})
	}
}

func TestProxyThatRefuses(t *testing.T) {
	t.Parallel()
	var used atomic.Int64
	address := httpProxy(t, &used)
	w := quiet(t, func(c *telegram.Config) {
		c.Proxy = privacy.NewURL("http://u:wrong@" + address[len("http://u:p%40ss@"):])
	})
	if r := w.send(w.customer(1), say("x"), ""); r.Why != "connection" {
		t.Errorf("report %+v", r)
	}
}
