package postgres

// CaseQuery is for tests that ask the planner about it.
var CaseQuery = caseQuery

// The statements that must leave the archive of cases alone.
const (
	DueAlerts     = claimAlerts
	CountCasesSQL = countCases
	OwnCasesSQL   = listOwnCases
)
