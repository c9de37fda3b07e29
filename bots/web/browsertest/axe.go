package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Colours makes the page believe that its reader has a scheme, "light" or
// "dark", and wants no motion.
func Colours(scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	})
}

// Settled waits until nothing moves any more: what fades in has the contrast of
// a moment.
func Settled() chromedp.Action {
	return chromedp.Poll("!document.getAnimations().some(a => a.effect.getTiming().iterations === 1 && a.playState === 'running')",
		nil, chromedp.WithPollingTimeout(Patience))
}

// Click clicks on the element of a JavaScript expression as soon as there is one that
// may be pressed: a press on a button that waits for what was pressed before is lost. It
// looks and clicks in one step: between two the page may put another element in
// its place. An action for a page that is being left begins anew on the next.
func Click(element string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, Patience)
		defer cancel()
		for {
			var done bool
			err := chromedp.Evaluate("Boolean((e => e && !e.disabled && e.ariaDisabled !== 'true' && (e.click(), true))("+element+"))", &done).Do(ctx)
			if done || err != nil && ctx.Err() == nil && !strings.Contains(err.Error(), "context") && !strings.Contains(err.Error(), "navigated") {
				return err
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("nothing to click on: %s: %w", element, ctx.Err())
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// Awaited is for scripts that promise their value.
func Awaited(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams {
	return p.WithAwaitPromise(true)
}

// Axe runs the accessibility checker on what lies within a selector of the page
// (its shadow roots included), light and dark, and leaves the page light.
func Axe(t testing.TB, page context.Context, within, moment string) {
	t.Helper()
	source, err := axe()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("axe-core is not installed: run `npm ci` in bots/web: %v", err)
		}
		t.Logf("NOT CHECKED for accessibility (%s): run `npm ci` in bots/web", moment)
		return
	}
	for _, scheme := range []string{"dark", "light"} {
		var found []struct {
			ID    string
			Nodes []struct{ HTML, FailureSummary string }
		}
		if err := chromedp.Run(page, Colours(scheme), chromedp.Evaluate(source, nil), Settled(),
			chromedp.Evaluate("axe.run('"+within+"').then(r => r.violations)", &found, Awaited)); err != nil {
			t.Fatalf("axe, %s, %s: %v", moment, scheme, err)
		}
		for _, v := range found {
			detail, _ := json.MarshalIndent(v.Nodes, "", "  ")
			t.Errorf("axe, %s, %s: %s %s", moment, scheme, v.ID, detail)
		}
	}
}

// axe finds the checker from wherever in the house a test runs.
func axe() (source string, err error) {
	for dir := "."; ; dir = filepath.Join(dir, "..") {
		raw, err := os.ReadFile(filepath.Join(dir, "bots", "web", "node_modules", "axe-core", "axe.min.js"))
		if err == nil {
			return string(raw), nil
		}
		if _, top := os.Stat(filepath.Join(dir, "go.mod")); top == nil {
			return "", err
		}
	}
}
