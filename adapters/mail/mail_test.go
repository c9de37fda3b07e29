package mail_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"okoshko/adapters/mail"
	"okoshko/adapters/mail/mailtest"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

func mailbox(t *testing.T, s string) privacy.Email {
	t.Helper()
	e, err := privacy.ParseEmail(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func server(t *testing.T) *mailtest.Server {
	t.Helper()
	s, err := mailtest.Start(100, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func sender(t *testing.T, url string, patience time.Duration) *mail.Mail {
	t.Helper()
	m, err := mail.New(mail.Config{
		URL: privacy.NewURL(url), From: mailbox(t, "no-reply@sesk.example"), Name: "Старогорэнергосбыт", Timeout: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const text = "Здравствуйте!\n\nВаш код: 042117.\n" + "Длинная строка: " + "ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик ёжик.\n. точка в начале строки"

// A letter in Russian arrives as it was written, and is known by its number.
func TestALetterArrives(t *testing.T) {
	t.Parallel()
	s := server(t)
	n := notice.Notice{Kind: "code", Email: mailbox(t, "demo01@post.example")}
	err := sender(t, s.URL(), 0).Send(t.Context(), "notice-7", n, notice.Letter{Subject: "Код для привязки счёта «Ёлка»", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	want := []mailtest.Letter{{
		ID: "notice-7@sesk.example", From: "no-reply@sesk.example", To: "demo01@post.example",
		Subject: "Код для привязки счёта «Ёлка»", Text: text,
	}}
	if diff := cmp.Diff(want, s.Letters(), cmpopts.IgnoreFields(mailtest.Letter{}, "At")); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
}

// Replies go to the mailbox that people read, not to the one that letters come from.
func TestRepliesGoToTheOffice(t *testing.T) {
	t.Parallel()
	s := server(t)
	m, err := mail.New(mail.Config{
		URL: privacy.NewURL(s.URL()), From: mailbox(t, "no-reply@sesk.example"), Name: "Старогорэнергосбыт", ReplyTo: mailbox(t, "info@sesk.example"),
	})
	if err != nil {
		t.Fatal(err)
	}
	n := notice.Notice{Email: mailbox(t, "demo01@post.example")}
	if err := m.Send(t.Context(), "n", n, notice.Letter{Subject: "s", Text: "t"}); err != nil {
		t.Fatal(err)
	}
	if got := s.Letters(); len(got) != 1 || got[0].ReplyTo != "info@sesk.example" || got[0].From != "no-reply@sesk.example" {
		t.Errorf("letters: %+v", got)
	}
}

// Files arrive as they were, under their names, beside the text.
func TestFilesArrive(t *testing.T) {
	t.Parallel()
	s := server(t)
	everything := make([]byte, 70_000)
	for i := range everything {
		everything[i] = byte(i * 7)
	}
	files := []notice.Enclosure{
		{Name: "Ответ ОБ-2026-000123, «счётчик» в подъезде № 3 дома 14 по улице Лыжной.pdf", Media: "application/pdf", Data: everything},
		{Name: "a\"b\r\nBcc: evil@post.example.txt", Media: "text/plain", Data: []byte("Ёлка\n.\nконец")},
	}
	n := notice.Notice{Email: mailbox(t, "demo01@post.example")}
	if err := sender(t, s.URL(), 0).Send(t.Context(), "n", n, notice.Letter{Subject: "Ответ", Text: text, Files: files}); err != nil {
		t.Fatal(err)
	}
	got := s.Letters()
	if len(got) != 1 || got[0].To != "demo01@post.example" || got[0].Text != text || len(got[0].Files) != 2 {
		t.Fatalf("letters: %+v", got)
	}
	if diff := cmp.Diff(files[0], got[0].Files[0]); diff != "" {
		t.Errorf("the paper (-want +got):\n%s", diff)
	}
	if note := got[0].Files[1]; string(note.Data) != string(files[1].Data) || strings.ContainsAny(note.Name, "\r\n") {
		t.Errorf("the note: %q", note)
	}
}

// A refusal for good is told from one that may pass; neither quotes whom the
// letter was for, as the server's own words do.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]fault.Kind{550: fault.Invalid, 553: fault.Invalid, 451: fault.Unavailable, 421: fault.Unavailable} {
		s := server(t)
		s.Refuse(code)
		m := sender(t, s.URL(), 0)
		n := notice.Notice{Email: mailbox(t, "demo01@post.example")}
		err := m.Send(t.Context(), "n", n, notice.Letter{Subject: "s", Text: "t"})
		if !fault.Is(err, want) {
			t.Errorf("%d: %v is %v, want %v", code, err, fault.Of(err), want)
		}
		if err != nil && strings.Contains(err.Error(), "demo01") {
			t.Errorf("%d: the error quotes the receiver: %v", code, err)
		}
		if err := m.Send(t.Context(), "n", n, notice.Letter{Subject: "s", Text: "t"}); err != nil || len(s.Letters()) != 1 {
			t.Errorf("%d: the next try: %v, %d letters", code, err, len(s.Letters()))
		}
	}
}

// A server that is slow, hangs up or is not there may be there later.
func TestAServerInTrouble(t *testing.T) {
	t.Parallel()
	n := notice.Notice{Email: mailbox(t, "demo01@post.example")}
	letter := notice.Letter{Subject: "s", Text: "t"}

	slow := server(t)
	slow.Pause(2 * time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := sender(t, slow.URL(), 100*time.Millisecond).Send(ctx, "n", n, letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("slow: %v", err)
	}

	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rude.Close() })
	go func() {
		for {
			c, err := rude.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 \xff\xfe hello\r\n"))
			_ = c.Close()
		}
	}()
	if err := sender(t, "smtp://"+rude.Addr().String(), 0).Send(t.Context(), "n", n, letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("rude: %v", err)
	}

	gone := server(t)
	_ = gone.Close()
	if err := sender(t, gone.URL(), 0).Send(t.Context(), "n", n, letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("gone: %v", err)
	}
}

// A header cannot be smuggled in through what a customer has typed.
func TestNoSmuggledHeaders(t *testing.T) {
	t.Parallel()
	s := server(t)
	n := notice.Notice{Email: mailbox(t, "demo01@post.example")}
	err := sender(t, s.URL(), 0).Send(t.Context(), "n", n, notice.Letter{Subject: "Тема\r\nBcc: evil@post.example", Text: "t"})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Letters(); len(got) != 1 || got[0].To != "demo01@post.example" {
		t.Errorf("letters: %+v", got)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	from := mailbox(t, "no-reply@sesk.example")
	for _, bad := range []mail.Config{
		{From: from},
		{URL: privacy.NewURL("http://host"), From: from},
		{URL: privacy.NewURL("smtp://:25"), From: from},
		{URL: privacy.NewURL("smtp://u:se%cret@h"), From: from},
		{URL: privacy.NewURL("smtp://localhost")},
	} {
		if _, err := mail.New(bad); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "se%cret") {
			t.Errorf("%v: %v", bad.URL, err)
		}
	}
	// Without TLS nothing is sent to another machine: the dial never comes so far here.
	if _, err := mail.New(mail.Config{URL: privacy.NewURL("smtps://u:p@mail.sesk.example"), From: from}); err != nil {
		t.Error(err)
	}
}
