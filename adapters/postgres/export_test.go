package postgres

import "github.com/riverqueue/river/riverdriver"

// CaseQuery is for tests that ask the planner about it.
var CaseQuery = caseQuery

// The statements that must leave the archive of cases alone.
const (
	DueAlerts     = claimAlerts
	CountCasesSQL = countCases
	OwnCasesSQL   = listOwnCases
)

// Housekeeping is how the queue finds jobs that are stuck, old, or in a queue
// that nobody works.
func (d *DB) Housekeeping() riverdriver.Executor { return d.queueDriver().GetExecutor() }
