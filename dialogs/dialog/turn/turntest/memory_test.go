package turntest_test

import (
	"testing"

	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

func open(*testing.T) func() turntest.Live {
	m := turntest.NewMemory()
	return func() turntest.Live { return m.Replica() }
}

// TestMemory holds the tests' own stores to the ports, as the adapters' tests
// hold the real ones.
func TestMemory(t *testing.T) {
	t.Parallel()
	t.Run("Conversations", func(t *testing.T) { t.Parallel(); turntest.Conversations(t, open) })
	t.Run("Outbox", func(t *testing.T) { t.Parallel(); turntest.Outbox(t, open) })
	t.Run("Agenda", func(t *testing.T) { t.Parallel(); turntest.Agenda(t, open) })
	t.Run("History", func(t *testing.T) { t.Parallel(); turntest.History(t, open) })
	t.Run("Backlog", func(t *testing.T) { t.Parallel(); turntest.Backlog(t, open) })
	t.Run("Archive", func(t *testing.T) {
		t.Parallel()
		turntest.Archive(t, func(*testing.T) turn.Archive { return turntest.NewMemory().Replica() })
	})
	t.Run("Marks", func(t *testing.T) {
		t.Parallel()
		turntest.Marks(t, func(*testing.T) turn.Marks { return turntest.NewMemory().Replica().Marks() })
	})
	t.Run("Quarantine", func(t *testing.T) {
		t.Parallel()
		turntest.Quarantine(t, func(*testing.T) (turn.Quarantine, func() []string) {
			m := turntest.NewMemory()
			return m.Replica(), m.Casualties
		})
	})
}
