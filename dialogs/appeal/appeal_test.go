package appeal_test

import (
	"testing"

	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, dialogstest.OpenScript)
	transcript.Run(t, "testdata/forms/*.chat", dialogstest.Zone, dialogstest.OpenScript)
}
