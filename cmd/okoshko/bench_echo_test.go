//go:build bench

package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"okoshko/bots/telegram/telegramtest"
)

// The least that a bot can do, as processes of their own: take an update and
// answer 200 (/raw), and say back what was said with one call of the Bot API
// (/echo). Neither keeps anything.

const (
	echoPort = "OKOSHKO_BENCH_ECHO_PORT"
	echoAPI  = "OKOSHKO_BENCH_ECHO_API" // address of a method, without its name
)

// echo is the process.
type echo struct {
	cmd  *exec.Cmd
	port string
}

func (e *echo) pid() int { return e.cmd.Process.Pid }

// startEcho runs this test binary as an echo and returns when it has set its
// webhook.
func startEcho(t *testing.T, tg *telegramtest.Server) *echo {
	t.Helper()
	e := &echo{port: strconv.Itoa(freePort(t))}
	e.cmd = exec.Command(os.Args[0], "-test.run=^TestEchoServer$", "-test.timeout=0")
	e.cmd.Env = append(os.Environ(), echoPort+"="+e.port, echoAPI+"="+tg.URL()+"/bot"+tg.Token()+"/")
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := begin(e.cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = e.cmd.Process.Kill()
		_ = e.cmd.Wait()
	})
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", "127.0.0.1:"+e.port); err == nil {
			_ = c.Close()
			_, _, err := fasthttp.Get(nil, tg.URL()+"/bot"+tg.Token()+"/setWebhook?max_connections=100&url=http://127.0.0.1:"+e.port+"/echo")
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
	}
	t.Fatal("the echo does not start")
	return nil
}

// TestEchoServer is the other process's main.
func TestEchoServer(t *testing.T) {
	port, api := os.Getenv(echoPort), os.Getenv(echoAPI)
	if port == "" {
		t.Skip("it is run by TestBench")
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/raw", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	client := &fasthttp.Client{MaxConnsPerHost: 1024, MaxIdemponentCallAttempts: 1, NoDefaultUserAgentHeader: true}
	app.Post("/echo", func(c *fiber.Ctx) error {
		var u struct {
			Message struct {
				Text string `json:"text"`
				Chat struct {
					ID int64 `json:"id"`
				} `json:"chat"`
			} `json:"message"`
		}
		if err := json.Unmarshal(c.Body(), &u); err != nil {
			return err
		}
		req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		defer fasthttp.ReleaseRequest(req)
		defer fasthttp.ReleaseResponse(resp)
		req.SetRequestURI(api + "sendMessage")
		req.Header.SetMethod(fasthttp.MethodPost)
		req.Header.SetContentType("application/json")
		body := strconv.AppendInt([]byte(`{"chat_id":`), u.Message.Chat.ID, 10)
		body = strconv.AppendQuote(append(body, `,"text":`...), u.Message.Text)
		req.SetBodyRaw(append(body, '}'))
		return client.Do(req, resp)
	})
	if err := app.Listen("127.0.0.1:" + port); err != nil {
		t.Fatal(err)
	}
}

// rawUpdate is a press, as the product gets it.
const rawUpdate = `{"update_id":1795478400000001,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":1000001,"is_bot":false,` +
	`"first_name":"Житель","language_code":"ru"},"message":{"message_id":284100012,"chat":{"id":1000001,"first_name":"Житель",` +
	`"type":"private"},"date":1795478400,"text":"Выберите действие"},"chat_instance":"1000001","data":"c:readings"}}`

// raw measures how many updates a server takes that does nothing with them,
// over c connections.
func (b *bench) raw(title string, c int) {
	l := &drive{acks: &stopwatch{}}
	m := b.measure(b.echoing.pid())
	l.started, l.ended = m.begin, m.end
	client := &fasthttp.HostClient{Addr: "127.0.0.1:" + b.echoing.port, MaxConns: c, NoDefaultUserAgentHeader: true}
	var over atomic.Bool
	var workers sync.WaitGroup
	for range c {
		workers.Go(func() {
			req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(req)
			defer fasthttp.ReleaseResponse(resp)
			req.SetRequestURI("http://" + client.Addr + "/raw")
			req.Header.SetMethod(fasthttp.MethodPost)
			req.Header.SetContentType("application/json")
			req.SetBodyString(rawUpdate)
			for !over.Load() {
				start := time.Now()
				err := client.Do(req, resp)
				if err == nil && resp.StatusCode() != fasthttp.StatusOK {
					err = errors.New("raw: status " + strconv.Itoa(resp.StatusCode()))
				}
				if err != nil {
					l.fail(err)
					return
				}
				l.replies.add(time.Since(start))
			}
		})
	}
	l.during(b.plan.raw)
	over.Store(true)
	workers.Wait()
	client.CloseIdleConnections()
	for _, err := range l.errors {
		b.Fatal(err)
	}
	b.keep(title, m.figures(l))
}
