package main

import (
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/dialogs/dialog/transcript"
)

// TestTranscripts plays the scenarios' conversations on whole servers, each on
// a database, a Redis and a Telegram of its own.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "../../dialogs/*/testdata/*.chat", pgtest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		return newTelegramStage(t)
	})
}
