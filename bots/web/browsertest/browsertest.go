// Package browsertest gives tests a real Chromium.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"slices"
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
	ctx, end, err := start(find(t), options)
	t.Cleanup(end)
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// shared is the browser that the tests of one binary share.
var shared struct {
	sync.Mutex
	ctx context.Context
	end func()
}

// Shared is New for tests that can share a browser, each with an origin of its
// own, hence storage of its own. One that has crashed costs the tests that were
// in it, not those that follow. The package's TestMain is Main.
func Shared(t testing.TB) context.Context {
	t.Helper()
	path := find(t)
	shared.Lock()
	defer shared.Unlock()
	if shared.ctx != nil && shared.ctx.Err() == nil {
		return shared.ctx
	}
	if shared.end != nil {
		shared.end()
	}
	var err error
	if shared.ctx, shared.end, err = start(path, nil); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return shared.ctx
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
func start(path string, more []chromedp.ExecAllocatorOption) (ctx context.Context, end func(), err error) {
	// Chromium may still write while it ends, which t.TempDir would not forgive.
	dir, err := os.MkdirTemp("", "okoshko-browser-")
	if err != nil {
		return nil, func() {}, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(dir))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	// chromedp complains about events that it does not know; what matters comes
	// as an error of an action.
	ctx, leave := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	end = func() {
		_ = chromedp.Cancel(ctx) // waits until it has ended
		leave()
		stop()
		_ = os.RemoveAll(dir)
	}
	return ctx, end, chromedp.Run(ctx)
}
