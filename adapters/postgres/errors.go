package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"okoshko/core/fault"
)

// ServerError is what the server said, without the values that its own message
// and detail quote.
type ServerError struct {
	// Code is the SQLSTATE.
	Code string
	// Constraint and Table are set where the server names them.
	Constraint, Table string
}

// Error names the code, table and constraint.
func (e *ServerError) Error() string {
	s := "SQLSTATE " + e.Code
	if e.Table != "" {
		s += ", table " + e.Table
	}
	if e.Constraint != "" {
		s += ", constraint " + e.Constraint
	}
	return s
}

// wrap gives an error its kind and names what was done; nil stays nil. An
// error that has a kind already keeps it.
func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return fmt.Errorf("%s: %w", act, err)
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		scrubbed := &ServerError{Code: server.Code, Constraint: server.ConstraintName, Table: server.TableName}
		return fmt.Errorf("%s: %w", act, fault.Wrap(kindOfState(server.Code), scrubbed))
	}
	return fmt.Errorf("%s: %w", act, fault.Wrap(kindOf(err), err))
}

// kindOfState maps SQLSTATE (PostgreSQL manual, appendix A).
func kindOfState(code string) fault.Kind {
	switch code {
	case "23505", "23503", "23P01": // unique, foreign key, exclusion
		return fault.Conflict
	case "55P03", // lock not available
		"25006",          // read-only transaction: a standby, after a failover
		"25P02", "25P03": // transaction aborted, or idle for too long
		return fault.Unavailable
	}
	class := code
	if len(code) > 2 {
		class = code[:2]
	}
	switch class {
	case "08", // connection
		"40", // rollback: serialization, deadlock, completion unknown
		"53", // resources: connections, memory, disk
		"57", // cancelled, admin shutdown, crash, cannot connect now
		"58": // the system under the server
		return fault.Unavailable
	}
	return fault.Internal
}

// kindOf maps failures that the server did not report.
func kindOf(err error) fault.Kind {
	var (
		network net.Error
		connect *pgconn.ConnectError
	)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fault.NotFound
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, puddle.ErrClosedPool),
		errors.Is(err, pgx.ErrTxCommitRollback), errors.Is(err, pgx.ErrTxClosed),
		errors.As(err, &network), errors.As(err, &connect),
		pgconn.SafeToRetry(err), pgconn.Timeout(err),
		// pgconn reports a connection that died earlier by a text alone.
		strings.HasSuffix(err.Error(), "conn closed"):
		return fault.Unavailable
	}
	return fault.Internal
}
