package web_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// picture writes a PNG of a meter's grey case with its window.
func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 640, 420))
	for y := range 420 {
		for x := range 640 {
			c := color.RGBA{R: 196, G: 200, B: 204, A: 255}
			if y > 150 && y < 250 && x > 120 && x < 520 {
				c = color.RGBA{R: 24, G: 26, B: 30, A: 255}
				if x%80 > 20 && x%80 < 60 && y > 170 && y < 230 {
					c = color.RGBA{R: 236, G: 238, B: 240, A: 255}
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return write(t, "счётчик.png", b.Bytes())
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// choose picks files as the system's dialog would.
func (p *tab) choose(files ...string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		object, _, err := cdpruntime.Evaluate(root + ".querySelector('input[type=file]')").Do(ctx)
		if err != nil {
			return err
		}
		return dom.SetFileInputFiles(files).WithObjectID(object.ObjectID).Do(ctx)
	})
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s, p := start(t, "")
	p.do("asked for a photo", p.open(), p.say("Фото"), p.see("Пришлите фотографию"), p.until(find(".act", "Выбрать файл")))
	p.axe("asked for a file")

	s.set(func(s *server) { s.slow, s.failedUploads = 300*time.Millisecond, 1 })
	p.do("an upload that fails", p.choose(picture(t)), p.until(find(".tray .again", "Повторить")))
	p.do("is tried again, with progress", p.press(".tray .again", "Повторить"), p.until(find("progress", "счётчик.png")),
		p.until(root+".querySelector('.tray .done')"))
	p.axe("attached")
	p.do("too large", p.choose(write(t, "огромный.zip", make([]byte, 2<<20))), p.until(root+".querySelector('.tray .failed')"),
		p.press(".tray .icon", "Убрать огромный.zip"), p.count(".tray li", 1))
	p.do("under way, and cancelled", p.choose(write(t, "лишний.txt", []byte("не надо"))),
		p.press(".tray .icon", "Убрать лишний.txt"), p.count(".tray li", 1))
	p.do("sent with a caption", p.say("Вот мой счётчик"), p.see("Вот мой счётчик"), p.see("Фото получено"), p.count(".tray li", 0),
		p.until(find(".bubble canvas", "Изображение счётчик.png")), p.until("!"+find(".down", "")))
	p.axe("sent")

	dir := t.TempDir()
	p.do("download", browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir),
		chromedp.Evaluate(find(".file", "")+".click()", nil))
	saved := filepath.Join(dir, "Квитанция за ноябрь 2026.pdf")
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(saved); err == nil && string(data) == "%PDF-1.4" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the file was not saved")
		}
	}

	p.do("pasted", chromedp.Evaluate(`(() => {
		const data = new DataTransfer();
		data.items.add(new File(["снимок"], "из буфера.txt", {type: "text/plain"}));
		`+root+`.querySelector("textarea").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, cancelable: true}));
	})()`, nil), p.until(find(".tray .icon", "Убрать из буфера.txt")))
	p.do("dropped", chromedp.Evaluate(`(() => {
		const data = new DataTransfer();
		data.items.add(new File(["письмо"], "брошенный.txt", {type: "text/plain"}));
		`+root+`.querySelector(".panel").dispatchEvent(new DragEvent("drop", {dataTransfer: data, cancelable: true}));
	})()`, nil), p.count(".tray li", 2))
	p.do("sent without a caption", p.press(".send", ""), p.count(".tray li", 0), p.see("брошенный.txt"))
}

func TestForms(t *testing.T) {
	t.Parallel()
	_, p := start(t, "")
	fill := func(value string) chromedp.Action {
		return chromedp.Evaluate(`(() => { const input = `+root+`.querySelector(".ask input"); input.value = "`+value+`"; input.form.requestSubmit(); })()`, nil)
	}
	p.do("a date", p.open(), p.say("Дата"), p.until(find(".ask input[type=date]", "")))
	p.axe("a date")
	p.do("is said", fill("2026-11-30"), p.see("Вы написали: 30.11.2026"), p.until("!"+find(".ask", "")))
	p.do("a number", p.say("Телефон"), p.until(find(".ask input[type=tel]", "")), fill("+79001234567"), p.see("Записали номер +79001234567"))
	p.do("a place", browser.SetPermission(&browser.PermissionDescriptor{Name: "geolocation"}, browser.PermissionSettingGranted).WithOrigin(p.page), here(55.75, 37.62),
		p.say("Место"), p.press(".act", "Отправить моё место"), p.see("Место получено: 55.75, 37.62"))
}
