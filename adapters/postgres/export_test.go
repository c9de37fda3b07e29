package postgres

import "github.com/riverqueue/river/riverdriver"

// CaseQuery and CountQuery are for tests that ask the planner about them.
var (
	CaseQuery  = caseQuery
	CountQuery = countQuery
)

// The statements that must leave the archive of cases alone.
const (
	DueAlerts   = claimAlerts
	OwnCasesSQL = listOwnCases
	LoadsSQL    = countLoads
	PlacesSQL   = countPlaces
)

// Housekeeping is how the queue finds jobs that are stuck, old, or in a queue
// that nobody works.
func (d *DB) Housekeeping() riverdriver.Executor { return d.queueDriver().GetExecutor() }

// ErasureSQL are the statements by which an erasure forgets a conversation.
var ErasureSQL = append([]string{eraseFiles, eraseMessages, forgetCase, forgetSent}, eraseRest...)
