package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/paper/papertest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/staff"
)

// encloses brings a file for an answer and returns its ID.
func (k *clerk) encloses(t *testing.T, n appeal.Number, name string, content []byte) string {
	t.Helper()
	status, said, err := k.bring("/cases/files", "case", n.String(), name, content)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d %v, %v", name, status, said, err)
	}
	id, _ := said["id"].(string)
	return id
}

// keeps keeps a draft with files.
func (k *clerk) keeps(n appeal.Number, id, text string, files ...string) (int, map[string]any, error) {
	return k.ask(http.MethodPost, caseAt(n, "/replies"), map[string]any{"id": id, "text": text, "files": files})
}

var sheet = append([]byte("%PDF-1.7\n"), make([]byte, 3000)...)

// What goes with an answer goes by e-mail beside the letter, is named in it, and
// goes again when the answer is sent again; in Telegram it lies behind links that
// work once (spec §3.6). What was taken out of the draft goes nowhere, and is gone
// after a day.
func TestAnAnswerGoesWithFiles(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	olga := o.hire(t, "encloses-1", "Ольга", nil, staff.ReceptionSpecialist)
	n := o.file("В-0", appeal.Question, "email", "email")
	olga.does(t, n, "take", nil)
	meter, wrong := olga.encloses(t, n, "счётчик.jpg", photo()), olga.encloses(t, n, "не тот.pdf", sheet)
	_, saved, err := olga.keeps(n, "", "Здравствуйте! Фотография и расчёт — в приложении.", meter, wrong)
	if err != nil || saved["id"] == nil {
		t.Fatalf("%v, %v", saved, err)
	}
	id := saved["id"].(string)
	recount := olga.encloses(t, n, "перерасчёт.pdf", sheet)
	if _, saved, err = olga.keeps(n, id, "Здравствуйте! Фотография и расчёт — в приложении.", meter, recount); err != nil || saved["id"] != id {
		t.Fatalf("%v, %v", saved, err)
	}
	seen := olga.does(t, n, "answer", map[string]any{"reply": id})
	if replies := fmt.Sprint(seen["replies"]); !strings.Contains(replies, "перерасчёт.pdf") || strings.Contains(replies, "не тот") {
		t.Errorf("the timeline: %s", replies)
	}
	sent := func(nth int) {
		t.Helper()
		o.within(fmt.Sprintf("letter %d with its files", nth), func() bool {
			count := 0
			for _, l := range o.boxes.mail.Letters() {
				if l.To == "demo01@post.example" && len(l.Files) == 3 && l.Files[1].Name == "счётчик.jpg" && bytes.Equal(l.Files[1].Data, photo()) &&
					l.Files[2].Name == "перерасчёт.pdf" && bytes.Equal(l.Files[2].Data, sheet) {
					count++
					if text, _ := papertest.Text(t, l.Files[0].Data); !strings.Contains(text, "перерасчёт.pdf") {
						t.Errorf("the letter does not name what is enclosed: %s", text)
					}
				}
			}
			return count == nth
		})
	}
	sent(1)
	o.delivered(id, "email", registry.Sent)
	olga.does(t, n, "resend", map[string]any{"reply": id, "way": "email", "again": true})
	sent(2)
	for k, want := range map[int]int{0: http.StatusNotFound, 1: http.StatusOK, 2: http.StatusOK, 3: http.StatusNotFound} {
		if status, _, err := olga.ask(http.MethodGet, caseAt(n, "/replies/1/files/", fmt.Sprint(k)), nil); err != nil || status != want {
			t.Errorf("file %d: %d, %v", k, status, err)
		}
	}
	if _, err := o.stores.db.SweepFiles(t.Context(), o.clock.Now().Add(time.Minute), enclosing); err != nil {
		t.Fatal(err)
	}
	for file, there := range map[string]bool{meter: true, recount: true, wrong: false} {
		f, content, err := o.stores.files.Open(t.Context(), file)
		if (err == nil) != there {
			t.Errorf("%s after the tidying: %v", f.Name, err)
		}
		if err == nil {
			_ = content.Close()
		}
	}

	maria := o.phone(t, 5006, "Мария")
	maria.tells("меню", "Выберите")
	chatted := o.fileFrom(chat.Conversation("tg:5006"), "В-0", appeal.Question, "chat", "chat")
	olga.does(t, chatted, "take", nil)
	_, saved, err = olga.keeps(chatted, "", "Расчёт в приложении.", olga.encloses(t, chatted, "перерасчёт.pdf", sheet))
	if err != nil || saved["id"] == nil {
		t.Fatalf("%v, %v", saved, err)
	}
	olga.does(t, chatted, "answer", map[string]any{"reply": saved["id"]})
	m := maria.hears("Ответ на обращение " + chatted.String())
	for _, label := range []string{"Открыть: Ответ ", "Открыть: перерасчёт.pdf"} {
		if !slices.ContainsFunc(m.Labels(), func(l string) bool { return strings.HasPrefix(l, label) }) {
			t.Errorf("no button «%s…»: %q", label, m.Labels())
		}
	}
	if m.File != nil || strings.Contains(m.Text, "счётчик") {
		t.Errorf("Telegram has the file itself: %+v", m)
	}
}

// within waits for something that must come to be.
func (o *bureau) within(what string, holds func() bool) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) { return holds(), nil }); err != nil {
		o.t.Fatalf("%s: %v", what, err)
	}
}

// What cannot go with an answer is refused by name, and nothing is lost: not a file
// of another case or of nobody, not too many, too large, empty or a program, not
// twice, not from somebody who does not write the answer.
func TestHostileEnclosures(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	olga := s.hire(t, "hostile-2", "Ольга", nil, staff.ReceptionSpecialist)
	igor := s.hire(t, "hostile-3", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Вопрос?"})
	other := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Другой вопрос?"})
	for what, c := range map[string]struct {
		who      *clerk
		of, name string
		content  []byte
		status   int
		code     string
	}{
		"nothing in it":           {olga, n.String(), "пусто.pdf", nil, http.StatusBadRequest, "empty"},
		"a program":               {olga, n.String(), "фото.jpg", []byte("MZ\x90\x00\x03"), http.StatusUnsupportedMediaType, "type"},
		"too large":               {olga, n.String(), "видео.jpg", append(photo(), make([]byte, largestUpload)...), http.StatusRequestEntityTooLarge, "too_large"},
		"of no case":              {olga, "ОБ-2026-999999", "а.pdf", sheet, http.StatusNotFound, "case_unknown"},
		"of no number":            {olga, "'; DROP TABLE files; --", "а.pdf", sheet, http.StatusNotFound, "case_unknown"},
		"of a case not his":       {igor, n.String(), "а.pdf", sheet, http.StatusNotFound, "case_unknown"},
		"of a number without end": {olga, strings.Repeat("9", 10_000), "а.pdf", sheet, http.StatusNotFound, "case_unknown"},
	} {
		if status, said, err := c.who.bring("/cases/files", "case", c.of, c.name, c.content); err != nil || status != c.status || said["error"] != c.code {
			t.Errorf("%s: %d %v, %v", what, status, said, err)
		}
	}
	if status, said, err := olga.bring("/cases/files", "conversation", n.String(), "а.pdf", sheet); err != nil || status != http.StatusBadRequest || said["error"] != "invalid" {
		t.Errorf("without the case: %d %v, %v", status, said, err)
	}
	// A hostile name becomes one that is safe to save under.
	for _, name := range []string{"../../etc/passwd", "a\r\nX: y.pdf", "счёт\u202Efdp.exe", strings.Repeat("ж", 600) + ".pdf", "<img src=x onerror=alert(1)>.pdf", "CON"} {
		status, said, err := olga.bring("/cases/files", "case", n.String(), name, sheet)
		kept, _ := said["name"].(string)
		if err != nil || status != http.StatusOK || strings.ContainsAny(kept, "/\\\r\n\u202E<>") || !strings.HasSuffix(kept, ".pdf") || len([]rune(kept)) > 255 {
			t.Errorf("%.30q became %q: %d, %v", name, kept, status, err)
		}
	}

	mine, his := olga.encloses(t, n, "а.pdf", sheet), olga.encloses(t, other, "б.pdf", sheet)
	var many []string
	for i := range 11 {
		many = append(many, olga.encloses(t, n, fmt.Sprintf("%d.pdf", i), sheet))
	}
	big := append(bytes.Clone(sheet), make([]byte, 8<<20)...)
	for what, c := range map[string]struct {
		files []string
		code  string
	}{
		"another case's": {[]string{his}, "case_file"}, "nobody's": {[]string{"nonsense"}, "case_file"}, "twice the same": {[]string{mine, mine}, "case_file"},
		"eleven": {many, "case_files"}, "more than a letter holds": {[]string{olga.encloses(t, n, "1.pdf", big), olga.encloses(t, n, "2.pdf", big)}, "case_files_size"},
	} {
		status, said, err := olga.keeps(n, "", "Ответ.", c.files...)
		if err != nil || status != http.StatusBadRequest || said["error"] != c.code || said["said"] == nil {
			t.Errorf("%s: %d %v, %v", what, status, said, err)
		}
	}
	if seen, err := olga.must(http.MethodGet, caseAt(n), nil); err != nil || len(seen["replies"].([]any)) != 0 {
		t.Errorf("something was kept: %v, %v", seen["replies"], err)
	}
	// Ten are as many as go, and the same draft kept twice is one.
	_, first, err := olga.keeps(n, "", "Ответ.", many[:10]...)
	if err != nil || first["id"] == nil {
		t.Fatalf("ten: %v, %v", first, err)
	}
	if _, again, err := olga.keeps(n, first["id"].(string), "Ответ.", many[:10]...); err != nil || again["id"] != first["id"] {
		t.Errorf("again: %v, %v", again, err)
	}
	lines, err := s.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.Upload, Limit: 100})
	if err != nil || len(lines) < 19 || lines[0].Subject == "" {
		t.Errorf("uploads in the book: %d, %v", len(lines), err)
	}
}
