package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
)

// clerk is one of the staff, who works through the console's API.
type clerk struct {
	login, password string
	do              func(*http.Request) (*http.Response, error)
	cookie, csrf    string
	sent            int
}

// clerk is one of a server's staff.
func (s *server) clerk(login string) *clerk {
	return &clerk{login: login, password: s.demoStaff[login], do: func(r *http.Request) (*http.Response, error) {
		return s.app.Test(r, 30_000)
	}}
}

// ask sends a request as the console's page would.
func (k *clerk) ask(method, path string, body any) (int, map[string]any, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	return k.request(method, path, "application/json", bytes.NewReader(text))
}

func (k *clerk) request(method, path, kind string, body io.Reader) (int, map[string]any, error) {
	req := httptest.NewRequest(method, "/console/api"+path, body)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("X-CSRF-Token", k.csrf)
	if k.cookie != "" {
		req.Header.Set("Cookie", k.cookie)
	}
	resp, err := k.do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		k.cookie = c.Name + "=" + c.Value
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") { // none, or a file
		return resp.StatusCode, nil, err
	}
	var answer map[string]any
	err = json.Unmarshal(raw, &answer)
	return resp.StatusCode, answer, err
}

// must is ask for what has to succeed.
func (k *clerk) must(method, path string, body any) (map[string]any, error) {
	status, answer, err := k.ask(method, path, body)
	if err == nil && status >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %d %v", method, path, status, answer)
	}
	return answer, err
}

func (k *clerk) come() error {
	if k.cookie != "" {
		return nil
	}
	me, err := k.must(http.MethodPost, "/sign-in", map[string]string{"login": k.login, "password": k.password})
	if err == nil {
		k.csrf, _ = me["csrf"].(string)
	}
	return err
}

func (k *clerk) leave() error {
	_, err := k.must(http.MethodPost, "/sign-out", nil)
	k.cookie, k.csrf = "", ""
	return err
}

// handoff finds the conversation's open hand-off.
func (k *clerk) handoff(c chat.Conversation) (string, error) {
	lists, err := k.must(http.MethodGet, "/queue", nil)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"waiting", "mine", "others"} {
		list, _ := lists[name].([]any)
		for _, one := range list {
			h, _ := one.(map[string]any)
			if h["conversation"] == string(c) {
				id, _ := h["id"].(float64)
				return strconv.FormatInt(int64(id), 10), nil
			}
		}
	}
	return "", errors.New("nobody has called")
}

// change takes, returns or closes.
func (k *clerk) change(c chat.Conversation, verb string) error {
	id, err := k.handoff(c)
	if err == nil {
		_, err = k.must(http.MethodPost, "/handoffs/"+id+"/"+verb, nil)
	}
	return err
}

// say sends a message as a transcript has it.
func (k *clerk) say(c chat.Conversation, verb, text string) error {
	m := transcript.Reply(verb, text)
	labels := []string{}
	for _, choice := range m.Choices {
		labels = append(labels, choice.Label)
	}
	files := []string{}
	for _, f := range m.Files {
		id, err := k.upload(c, f)
		if err != nil {
			return err
		}
		files = append(files, id)
	}
	k.sent++
	_, err := k.must(http.MethodPost, "/conversations/"+url.PathEscape(string(c))+"/say", map[string]any{
		"id": fmt.Sprintf("message-%d", k.sent), "text": m.Plain(), "choices": labels, "files": files,
	})
	return err
}

// note tells colleagues something.
func (k *clerk) note(c chat.Conversation, text string) error {
	k.sent++
	_, err := k.must(http.MethodPost, "/conversations/"+url.PathEscape(string(c))+"/note",
		map[string]any{"id": fmt.Sprintf("note-%d", 1000+k.sent), "text": text})
	return err
}

func (k *clerk) upload(c chat.Conversation, f chat.File) (string, error) {
	content := photo()
	if !f.Image {
		content = append([]byte("%PDF-1.7\n"), make([]byte, 1000)...)
	}
	status, answer, err := k.bring("/files", "conversation", string(c), f.Name, content)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("upload: %d %v", status, answer)
	}
	id, _ := answer["id"].(string)
	return id, err
}

// bring uploads a file; field says what it is for.
func (k *clerk) bring(path, field, of, name string, content []byte) (int, map[string]any, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField(field, of)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return 0, nil, err
	}
	_, _ = part.Write(content)
	_ = form.Close()
	return k.request(http.MethodPost, path, form.FormDataContentType(), &body)
}

// crew are those who sit at the desk of a stage's server.
type crew struct {
	s           *server
	anna, pavel *clerk
	queued      int // conversations that have called beside the customer's
}

func newCrew(s *server) *crew {
	return &crew{s: s, anna: s.clerk(demoStaff[0].login), pavel: s.clerk(demoStaff[1].login)}
}

// order carries out an order of a transcript to them; c is the customer's
// conversation.
func (f *crew) order(ctx context.Context, c chat.Conversation, what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	switch {
	case verb == "queue":
		f.queued++
		other := chat.Conversation(fmt.Sprintf("test:%d", f.queued))
		_, err := f.s.stores.db.CallDesk(ctx, dialog.Effect{ID: string(other) + "/1/1", Conversation: other, At: time.Now()})
		return err
	case verb == "come" && f.anna.cookie != "": // a colleague of hers
		return f.pavel.come()
	}
	if err := f.anna.come(); err != nil {
		return err
	}
	switch verb {
	case "come":
		return nil
	case "go":
		return f.anna.leave()
	case "take", "return", "close":
		return f.anna.change(c, verb)
	case "note":
		return f.anna.note(c, rest)
	default:
		return f.anna.say(c, verb, rest)
	}
}
