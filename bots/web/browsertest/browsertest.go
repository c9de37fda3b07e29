// Package browsertest gives tests a real Chromium.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long a test waits for what must come, on a machine that has much
// else to do: what comes costs nothing of it.
const Patience = time.Minute

// New starts a Chromium with one empty tab for a test and ends it with the
// test. A machine without one skips the test, CI does not.
func New(t testing.TB, options ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	ctx, end, said, err := start(find(t), options)
	t.Cleanup(end)
	t.Cleanup(func() { said.tell(t, ctx) })
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// shared is the browser that the tests of one binary share.
var shared struct {
	sync.Mutex
	ctx  context.Context
	end  func()
	said *lastWords
}

// Shared is New for tests that can share a browser, each with an origin of its
// own, hence storage of its own. One that has crashed costs the tests that were
// in it, not those that follow. The package's TestMain is Main.
func Shared(t testing.TB) context.Context {
	t.Helper()
	path := find(t)
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx == nil || shared.ctx.Err() != nil {
		if shared.end != nil {
			shared.end()
		}
		var err error
		if shared.ctx, shared.end, shared.said, err = start(path, nil); err != nil {
			t.Fatalf("start the browser: %v", err)
		}
	}
	ctx, said := shared.ctx, shared.said
	t.Cleanup(func() { said.tell(t, ctx) })
	return ctx
}

// Main runs the tests of a package and ends the browser that they shared.
func Main(m *testing.M) {
	code := m.Run()
	if shared.end != nil {
		shared.end()
	}
	os.Exit(code)
}

// find returns the browser's path.
func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no Chromium on the PATH")
	}
	t.Skip("there is no Chromium on the PATH: nothing is tested in a browser")
	return ""
}

// start runs a browser that speaks to nobody by itself. It lives as long as the
// context that is returned, not as those derived of it; end is never nil.
func start(path string, more []chromedp.ExecAllocatorOption) (ctx context.Context, end func(), said *lastWords, err error) {
	// Chromium may still write while it ends, which t.TempDir would not forgive.
	dir, err := os.MkdirTemp("", "okoshko-browser-")
	if err != nil {
		return nil, func() {}, nil, err
	}
	said = new(lastWords)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(dir), chromedp.CombinedOutput(said))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	// chromedp complains about events that it does not know, without end; what else it
	// says may be why the browser has ended.
	ctx, leave := chromedp.NewContext(allocator, chromedp.WithErrorf(func(format string, args ...any) {
		if !strings.HasPrefix(format, "unhandled ") {
			fmt.Fprintf(said, format+"\n", args...)
		}
	}))
	end = func() {
		_ = chromedp.Cancel(ctx) // waits until it has ended
		leave()
		stop()
		_ = os.RemoveAll(dir)
	}
	return ctx, end, said, chromedp.Run(ctx)
}

// lastWords keeps the last of what a browser and its driver have said.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

func (w *lastWords) Write(p []byte) (int, error) {
	const room = 8 << 10
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	w.text = w.text[max(0, len(w.text)-room):]
	return len(p), nil
}

// tell says why a test has failed whose browser has ended under it.
func (w *lastWords) tell(t testing.TB, browser context.Context) {
	if !t.Failed() || browser == nil || browser.Err() == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t.Logf("the browser has ended; its last words: %s", w.text)
}
