package redis

import (
	_ "embed"

	"github.com/redis/go-redis/v9"
)

// The scripts say themselves what they do and what they are given.
var (
	//go:embed scripts/prelude.lua
	prelude string
	//go:embed scripts/commit.lua
	commitSource string
	//go:embed scripts/restore.lua
	restoreSource string
	//go:embed scripts/unsent.lua
	unsentSource string
	//go:embed scripts/delivered.lua
	deliveredSource string
	//go:embed scripts/renew.lua
	renewSource string
	//go:embed scripts/hold.lua
	holdSource string
	//go:embed scripts/claim.lua
	claimSource string
	//go:embed scripts/settle.lua
	settleSource string
	//go:embed scripts/dirty.lua
	dirtySource string
	//go:embed scripts/read.lua
	readSource string
	//go:embed scripts/archived.lua
	archivedSource string
	//go:embed scripts/evict.lua
	evictSource string
	//go:embed scripts/erase.lua
	eraseSource string
	//go:embed scripts/reserve.lua
	reserveSource string
	//go:embed scripts/lease.lua
	leaseSource string
	//go:embed scripts/release.lua
	releaseSource string
	//go:embed scripts/stretch.lua
	stretchSource string
)

var scripts []*redis.Script

var (
	commitScript    = script(commitSource)
	restoreScript   = script(restoreSource)
	unsentScript    = script(unsentSource)
	deliveredScript = script(deliveredSource)
	renewScript     = script(renewSource)
	holdScript      = script(holdSource)
	claimScript     = script(claimSource)
	settleScript    = script(settleSource)
	dirtyScript     = script(dirtySource)
	readScript      = script(readSource)
	archivedScript  = script(archivedSource)
	evictScript     = script(evictSource)
	eraseScript     = script(eraseSource)
	reserveScript   = script(reserveSource)
	leaseScript     = script(leaseSource)
	releaseScript   = script(releaseSource)
	stretchScript   = script(stretchSource)
)

// script joins a source to the prelude and lists it for Open to load.
func script(source string) *redis.Script {
	s := redis.NewScript(prelude + source)
	scripts = append(scripts, s)
	return s
}
