package redis

import (
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"okoshko/core/fault"
)

// away is what a server answers that cannot serve now but may later: it is
// loading, failing over, full, or not the one to ask any more.
var away = []string{
	"LOADING ", "READONLY ", "CLUSTERDOWN ", "MASTERDOWN ", "TRYAGAIN ", "MOVED ", "ASK ", "OOM ", "BUSY ",
	"MISCONF ", "NOREPLICAS ", "NOSCRIPT ", "UNKILLABLE ", "ERR max number of clients reached",
}

// wrap gives an error its kind and names what was done; nil stays nil.
func wrap(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, fault.Wrap(kindOf(err), err))
}

// errReply is an answer that no script of ours gives.
var errReply = fault.New(fault.Internal, "redis gave an answer of an unexpected shape")

// kindOf tells what the server refused for good from what it could not do now.
// Whatever did not come from the server came from the way there.
func kindOf(err error) fault.Kind {
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return known.Kind
	}
	if errors.Is(err, redis.Nil) {
		return fault.Internal
	}
	said, ok := errors.AsType[redis.Error](err)
	if !ok {
		return fault.Unavailable
	}
	text := said.Error()
	for _, code := range away {
		// Inside a script an older server puts its own words before the code.
		if strings.HasPrefix(text, code) || strings.Contains(text, " -"+code) {
			return fault.Unavailable
		}
	}
	return fault.Internal
}
