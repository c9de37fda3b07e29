package telegramtest_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	sdk "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"okoshko/bots/telegram/telegramtest"
)

// TestWithTheSDK drives the emulator with the client that most Go bots use.
func TestWithTheSDK(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	api, err := sdk.NewBotAPIWithAPIEndpoint(b.srv.Token(), b.srv.URL()+"/bot%s/%s")
	if err != nil || api.Self.UserName != b.srv.Username() {
		t.Fatalf("getMe: %+v, %v", api, err)
	}
	c := b.srv.Customer(1001, maria)
	c.Start("")
	photo := picture(t, 200, 100)
	if _, err := c.SendPhoto(photo, ""); err != nil {
		t.Fatal(err)
	}
	updates, err := api.GetUpdates(sdk.UpdateConfig{Limit: 10})
	if err != nil || len(updates) != 2 {
		t.Fatalf("getUpdates: %+v, %v", updates, err)
	}
	if m := updates[0].Message; m.Command() != "start" || m.From.FirstName != "Мария" || m.Chat.Type != "private" {
		t.Errorf("got %+v", m)
	}
	sizes := updates[1].Message.Photo
	link, err := api.GetFile(sdk.FileConfig{FileID: sizes[len(sizes)-1].FileID})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(b.srv.URL() + "/file/bot" + b.srv.Token() + "/" + link.FilePath)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(got, photo) {
		t.Errorf("downloaded %d bytes, %v", len(got), err)
	}
	text := sdk.NewMessage(1001, "<b>Меню</b>")
	text.ParseMode = sdk.ModeHTML
	text.ReplyMarkup = sdk.NewInlineKeyboardMarkup(sdk.NewInlineKeyboardRow(sdk.NewInlineKeyboardButtonData("Ещё", "more")))
	sent, err := api.Send(text)
	if err != nil || sent.From.UserName != b.srv.Username() || len(sent.Entities) != 1 {
		t.Fatalf("sendMessage: %+v, %v", sent, err)
	}
	p, err := c.Press("Ещё")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Request(sdk.NewCallback(p.Query, "ок")); err != nil {
		t.Error(err)
	}
	if a, err := p.Await(soon(t)); err != nil || a.Text != "ок" {
		t.Errorf("got %+v, %v", a, err)
	}
	edited, err := api.Send(sdk.NewEditMessageText(1001, sent.MessageID, "Ещё раз"))
	if err != nil || edited.Text != "Ещё раз" {
		t.Errorf("editMessageText: %+v, %v", edited, err)
	}
	doc, err := api.Send(sdk.NewDocument(1001, sdk.FileBytes{Name: "чек.pdf", Bytes: []byte("%PDF")}))
	if err != nil || doc.Document.FileName != "чек.pdf" {
		t.Errorf("sendDocument: %+v, %v", doc, err)
	}
	if _, err := api.Send(sdk.NewDocument(1001, sdk.FileID(doc.Document.FileID))); err != nil {
		t.Errorf("by file_id: %v", err)
	}
	if _, err := api.Request(sdk.NewSetMyCommands(sdk.BotCommand{Command: "menu", Description: "Меню"})); err != nil {
		t.Error(err)
	}
	b.srv.Fault(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 3})
	r, err := api.Request(sdk.NewMessage(1001, "x"))
	if err == nil || r.ErrorCode != 429 || r.Parameters.RetryAfter != 3 {
		t.Errorf("429: %+v, %v", r, err)
	}
}
