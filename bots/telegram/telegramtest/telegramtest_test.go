package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

// bot is a bare client of the Bot API.
type bot struct {
	t   *testing.T
	srv *telegramtest.Server
}

// reply is the envelope of every answer.
type reply struct {
	Status      int             `json:"-"`
	OK          bool            `json:"ok"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Result      json.RawMessage `json:"result"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

type object = map[string]any

// open starts an emulator whose seconds last a millisecond.
func open(t *testing.T, cfg telegramtest.Config) bot {
	t.Helper()
	if cfg.Second == 0 {
		cfg.Second = time.Millisecond
	}
	srv := telegramtest.New(cfg)
	if err := srv.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	return bot{t, srv}
}

func (b bot) url(method string) string { return b.srv.URL() + "/bot" + b.srv.Token() + "/" + method }

// try makes a call with a JSON body.
func (b bot) try(method string, params object) (reply, error) {
	if params == nil {
		params = object{}
	}
	body, err := json.Marshal(params)
	if err != nil {
		return reply{}, err
	}
	resp, err := http.Post(b.url(method), "application/json", bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	return read(resp)
}

func read(resp *http.Response) (reply, error) {
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{Status: resp.StatusCode}
	return r, json.Unmarshal(data, &r)
}

// call is try that must get an answer of any kind.
func (b bot) call(method string, params object) reply {
	b.t.Helper()
	r, err := b.try(method, params)
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// must is call that must succeed; it decodes the result.
func (b bot) must(method string, params object) object {
	b.t.Helper()
	r := b.call(method, params)
	if !r.OK {
		b.t.Fatalf("%s: %d %s", method, r.Code, r.Description)
	}
	var result any
	if err := json.Unmarshal(r.Result, &result); err != nil {
		b.t.Fatal(err)
	}
	o, _ := result.(object)
	return o
}

// refused checks that a call is refused with these words.
func (b bot) refused(method string, params object, code int, description string) {
	b.t.Helper()
	r := b.call(method, params)
	if r.OK || r.Code != code || r.Status != code || r.Description != description {
		b.t.Errorf("%s: got %d %d %q, want %d %q", method, r.Status, r.Code, r.Description, code, description)
	}
}

func (b bot) updates(params object) []object {
	b.t.Helper()
	r := b.call("getUpdates", params)
	if !r.OK {
		b.t.Fatalf("getUpdates: %s", r.Description)
	}
	var list []object
	if err := json.Unmarshal(r.Result, &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// talking returns a customer who has written, with nothing left to deliver.
func (b bot) talking(id int64, p telegramtest.Profile) *telegramtest.Customer {
	b.t.Helper()
	c := b.srv.Customer(id, p)
	m := c.Start("")
	b.updates(object{"offset": m.Update + 1})
	return c
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

var maria = telegramtest.Profile{Language: "ru", First: "Мария", Phone: "79120000000"}

func buttons(labels ...string) object {
	var row []object
	for _, label := range labels {
		row = append(row, object{"text": label, "callback_data": "d:" + label})
	}
	return object{"inline_keyboard": [][]object{row}}
}
