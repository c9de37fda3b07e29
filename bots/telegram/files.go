package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words"
)

// withLinks puts buttons with links in the place of personal files: in a chat
// of Telegram such a file would lie about for ever on somebody's phone and on
// Telegram's servers (spec/domain.md §3.6). The report is nil if all went well.
func (b *Bot) withLinks(ctx context.Context, chatID int64, p turn.Parcel) (chat.Message, *turn.Report) {
	m := p.Message
	var links []chat.Choice
	var files []chat.File
	lang := words.RU
	for _, f := range m.Files {
		if !f.Personal {
			files = append(files, f)
			continue
		}
		if links == nil {
			lang = languageOf(&m)
		}
		address, err := b.link(ctx, f, p.Conversation)
		if err != nil {
			report := b.fileReport(chatID, "make a link to a file", err)
			return m, &report
		}
		label := text.Line(lang, "link_unnamed")
		if f.Name != "" {
			label = text.Line(lang, "link", words.A("name", f.Name))
		}
		links = append(links, chat.Choice{Label: label, Link: address, Wide: true})
	}
	if links == nil {
		return m, nil
	}
	m.Files = files
	m.Blocks = append(m.Blocks[:len(m.Blocks):len(m.Blocks)], text.Say(lang, "once", words.A("n", len(links)))...)
	m.Choices = append(links, m.Choices...)
	return m, nil
}

var (
	errNoLinks = fault.New(fault.Denied, "there is no way to make links")
	errNoFiles = fault.New(fault.Denied, "there is no way to open files")
)

func (b *Bot) link(ctx context.Context, f chat.File, c chat.Conversation) (string, error) {
	if b.cfg.Links == nil {
		return "", errNoLinks
	}
	return b.cfg.Links.OneTime(ctx, f, c)
}

// fileReport says what becomes of a message whose file cannot be had.
func (b *Bot) fileReport(chatID int64, what string, err error) turn.Report {
	if final(err) {
		b.cfg.Log.Error("file cannot be sent", "step", what, "kind", fault.Of(err).String())
		return turn.Report{Fate: turn.Refused, Why: "file " + fault.Of(err).String()}
	}
	return turn.Report{Fate: turn.Later, Why: "file unavailable", After: b.troubles.next(chatID, b.pace)}
}

func final(err error) bool {
	switch fault.Of(err) {
	case fault.Invalid, fault.NotFound, fault.Denied:
		return true
	}
	return false
}

// halfway remembers messages of which Telegram has taken a part, by chat.
type halfway struct {
	mu   sync.Mutex
	done map[int64]progress
}

type progress struct {
	message string
	parts   int
	id      int64 // of the last part
}

func (h *halfway) of(chatID int64, message string) progress {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p, ok := h.done[chatID]; ok && p.message == message {
		return p
	}
	return progress{message: message}
}

func (h *halfway) keep(chatID int64, p progress) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.done == nil || len(h.done) >= mostChats {
		h.done = map[int64]progress{}
	}
	h.done[chatID] = p
}

func (h *halfway) forget(chatID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.done, chatID)
}

// sendFiles sends the files in order: the text as the caption of the first one
// if it fits, else before it; the buttons under the last. A file that can
// never be sent is left out and the rest goes on.
func (b *Bot) sendFiles(ctx context.Context, chatID int64, m *chat.Message) (int64, *apiError) {
	key, err := json.Marshal(m)
	if err != nil {
		return 0, &apiError{Code: 400}
	}
	p := b.halfway.of(chatID, string(key))
	b.dropKeyboard(ctx, chatID, false, m)
	captioned := chat.Units(m.Plain()) <= maxCaption && len(m.Blocks) > 0
	for i := -1; i < len(m.Files); i++ {
		if i+1 < p.parts {
			continue
		}
		id, failed := p.id, (*apiError)(nil)
		switch {
		case i < 0 && !captioned && len(m.Blocks) > 0:
			id, failed = b.say(ctx, chatID, 0, &chat.Message{Blocks: m.Blocks})
		case i >= 0:
			part := chat.Message{}
			if captioned && i == 0 {
				part.Blocks = m.Blocks
			}
			if i == len(m.Files)-1 {
				part.Choices, part.Expect = m.Choices, m.Expect
			}
			id, failed = b.sendFile(ctx, chatID, m.Files[i], &part)
		}
		if failed != nil && failed.Code != codeGone {
			if p.parts > 0 {
				b.halfway.keep(chatID, p)
			}
			return 0, failed
		}
		p.parts, p.id = i+2, cmp.Or(id, p.id)
	}
	b.halfway.forget(chatID)
	if p.id == 0 {
		return 0, &apiError{Code: 400}
	}
	return p.id, nil
}

// codeGone is our own code for a file that can never be sent.
const codeGone = -1

// sendFile uploads one file with what part says as its caption and buttons. If
// the file is gone, these go without it.
func (b *Bot) sendFile(ctx context.Context, chatID int64, f chat.File, part *chat.Message) (int64, *apiError) {
	defer b.showUploading(ctx, chatID)()
	photo := f.Image && f.Size <= maxPhoto
	var s style
	for {
		id, failed, err := b.upload(ctx, chatID, f, photo, part, s)
		switch {
		case err != nil && !final(err):
			return 0, &apiError{why: "file unavailable"}
		case err != nil:
			b.cfg.Log.Error("file cannot be sent", "kind", fault.Of(err).String())
			if len(part.Blocks) == 0 {
				return 0, &apiError{Code: codeGone}
			}
			return b.say(ctx, chatID, 0, part)
		case failed == nil || failed.Code != 400 || failed.says(noChat):
			return id, failed
		case failed.says(noEntities) && !s.plain:
			s.plain = true
		case (failed.says(buttonURL) || failed.says(buttonURLOld)) && !s.linksAsText:
			s.linksAsText = true
		case photo:
			photo = false // its sides are out of Telegram's proportions
		default:
			return 0, failed
		}
	}
}

// upload makes one call; err speaks of the file, failed of Telegram.
func (b *Bot) upload(ctx context.Context, chatID int64, f chat.File, photo bool, part *chat.Message, s style) (int64, *apiError, error) {
	if b.cfg.Files == nil {
		return 0, nil, errNoFiles
	}
	stored, content, err := b.cfg.Files.Open(ctx, f.ID)
	if err != nil {
		return 0, nil, err
	}
	guarded := &guarded{r: content}
	defer func() { _ = guarded.Close() }()
	if stored.Size > maxUpload {
		return 0, nil, fault.New(fault.Invalid, "file is larger than Telegram takes")
	}
	method, field := "sendDocument", "document"
	if photo {
		method, field = "sendPhoto", "photo"
	}
	params := tgbotapi.Params{"chat_id": number(chatID)}
	if len(part.Blocks) > 0 {
		params["caption"] = unquote(appendText(nil, part, s))
		if !s.plain {
			params["parse_mode"] = "HTML"
		}
	}
	if markup := appendMarkup(nil, "", part, s); len(markup) > 0 {
		params["reply_markup"] = string(markup)
	}
	name := cmp.Or(fileName(f.Name), fileName(stored.Name), field)
	start := time.Now()
	answer, err := b.sdk(ctx).UploadFiles(method, params, []tgbotapi.RequestFile{
		{Name: field, Data: tgbotapi.FileReader{Name: name, Reader: guarded}},
	})
	failed := sdkError(answer, err)
	b.called(method, failed, time.Since(start))
	if failed != nil {
		return 0, failed, nil
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(answer.Result, &sent); err != nil {
		return 0, &apiError{Code: http.StatusBadGateway}, nil
	}
	return sent.ID, nil, nil
}

// unquote reads a JSON string of our own.
func unquote(quoted []byte) (s string) {
	_ = json.Unmarshal(quoted, &s)
	return s
}

// guarded lets a file be closed while the SDK's goroutine may still read it,
// after a call that ended early.
type guarded struct {
	mu     sync.Mutex
	r      io.ReadCloser
	closed bool
}

func (g *guarded) Read(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return 0, io.ErrClosedPipe
	}
	return g.r.Read(p)
}

// Close may be called twice: the SDK closes what it has read, too.
func (g *guarded) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil
	}
	g.closed = true
	return g.r.Close()
}

// showUploading tells the customer that a file is coming if that takes longer
// than a second; Telegram shows it for five.
func (b *Bot) showUploading(ctx context.Context, chatID int64) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for wait := b.pace.chatAction; ; wait = b.pace.upAgain {
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
			b.showAction(ctx, chatID, "upload_document")
		}
	}()
	return cancel
}

// ShowTyping tells the customer that a person is writing to him; Telegram shows
// it for five seconds. What comes of it is in the log alone.
func (b *Bot) ShowTyping(ctx context.Context, c chat.Conversation) {
	if chatID, ok := chatOf(c); ok {
		b.showAction(ctx, chatID, "typing")
	}
}

func (b *Bot) showAction(ctx context.Context, chatID int64, action string) {
	_, _ = b.call(ctx, "sendChatAction", func(out []byte) []byte {
		out = append(append(out, `{"chat_id":`...), number(chatID)...)
		out = append(append(out, `,"action":"`...), action...)
		return append(out, `"}`...)
	})
}

// Fetch opens a file that a customer has sent, by the ID in the event. The
// caller closes it. An error of kind Invalid (too large), NotFound or Denied is
// final, also while reading; any other may be gone the next time.
func (b *Bot) Fetch(ctx context.Context, foreignID string) (io.ReadCloser, error) {
	var file tgbotapi.File
	if failed := b.ask(ctx, b.pace.call, "getFile", tgbotapi.Params{"file_id": foreignID}, &file); failed != nil {
		return nil, fault.Wrap(failed.kind(), failed)
	}
	if file.FilePath == "" || strings.Contains(file.FilePath, "..") {
		return nil, fault.New(fault.NotFound, "telegram names no place of the file")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.cold.files+file.FilePath, nil)
	if err != nil {
		return nil, fault.New(fault.NotFound, "the file's place is no address") // err holds the token
	}
	start := time.Now()
	resp, err := b.cold.http.Do(req)
	var failed *apiError
	switch {
	case err != nil:
		failed = transportError(err)
	case resp.StatusCode != http.StatusOK:
		failed = &apiError{Code: resp.StatusCode}
		_ = resp.Body.Close()
	}
	b.called("file", failed, time.Since(start))
	if failed != nil {
		// 404 is a link that has run out meanwhile: the next try asks anew.
		return nil, fault.Wrap(fault.Unavailable, failed)
	}
	return &download{ReadCloser: resp.Body, left: maxDownload}, nil
}

// download is the body of a file, at most what Telegram promises.
type download struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (d *download) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if d.left -= int64(n); d.left < 0 {
		return 0, fault.New(fault.Invalid, "the file is larger than announced")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fault.Wrap(fault.Unavailable, transportError(err))
	}
	return n, err
}
