package telegramtest_test

import (
	"testing"

	"okoshko/bots/telegram/telegramtest"
)

func TestJournalForgets(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Keep: 5})
	found := make(chan error)
	go func() {
		_, err := b.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "getMyCommands" })
		found <- err
	}()
	for range 33 {
		b.must("getMe", nil)
	}
	if n := len(b.srv.Calls()); n < 5 || n > 10 {
		t.Errorf("%d calls are kept", n)
	}
	b.call("getMyCommands", nil)
	if err := <-found; err != nil {
		t.Error(err)
	}
}
