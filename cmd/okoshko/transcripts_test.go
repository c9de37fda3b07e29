package main

import (
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/dialogs/dialog/transcript"
)

// told are the scenarios whose conversations are played on whole servers.
var told = []string{"menu", "readings"}

// TestTranscripts plays the scenarios' conversations on whole servers, each on
// a database, a Redis and a Telegram of its own, with every update delivered
// twice.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for _, scenario := range told {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			glob := "../../dialogs/" + scenario + "/testdata/*.chat"
			transcript.Run(t, glob, pgtest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
				t.Helper()
				return newTelegramStage(t)
			})
		})
	}
}
