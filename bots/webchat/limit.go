package webchat

import (
	"math"
	"net/netip"
	"sync"
	"time"
)

// rate is a token bucket: so many at once, and so many a second after that.
type rate struct {
	burst  float64
	second float64
}

// What one visitor and one address may do. Many customers share an address
// behind a carrier or an office, so that those are generous.
var (
	frameRate    = rate{60, 10} // of a socket, of any kind
	requestRate  = rate{60, 4}  // of a visitor
	uploadRate   = rate{20, .2} // of a visitor
	strangerRate = rate{200, 5} // of an address: new visitors and wrong tokens
	garbageRate  = rate{10, .2} // of a socket: frames that cannot be read
	mostSockets  = 16           // of a visitor
	mostPolls    = 8            // of a visitor
	mostAtOne    = 2000         // sockets of an address
	mostBuckets  = 200_000      // remembered at a time
	forgetEvery  = 10 * time.Second
)

// bucket is what somebody may still do.
type bucket struct {
	left float64
	at   time.Time
}

func (b *bucket) take(r rate, now time.Time) (wait time.Duration, ok bool) {
	if b.at.IsZero() {
		b.left = r.burst
	} else {
		b.left = min(r.burst, b.left+now.Sub(b.at).Seconds()*r.second)
	}
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) / r.second * float64(time.Second)), false
	}
	b.left--
	return 0, true
}

// limits count by name, on this replica and on real time.
type limits struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	cleaned time.Time
}

func newLimits() *limits {
	return &limits{buckets: map[string]*bucket{}}
}

// take counts one; after is when the next would be allowed, in whole seconds.
func (l *limits) take(what, who string, r rate) (after int, ok bool) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	key := what + " " + who
	b := l.buckets[key]
	if b == nil {
		l.forget(now)
		b = &bucket{}
		l.buckets[key] = b
	}
	wait, ok := b.take(r, now)
	return int(math.Ceil(wait.Seconds())), ok
}

// forget drops buckets that are full again; and all of them if there are too
// many, for then somebody tries names.
func (l *limits) forget(now time.Time) {
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
	if now.Sub(l.cleaned) < forgetEvery {
		return
	}
	l.cleaned = now
	const longest = 100 * time.Second // in which every bucket fills up
	for key, b := range l.buckets {
		if now.Sub(b.at) > longest {
			delete(l.buckets, key)
		}
	}
}

// neighbourhood is what limits count as one address: a single one of IPv4, the
// network that one customer has of IPv6.
func neighbourhood(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		return netip.PrefixFrom(a, 64).Masked().Addr()
	}
	return a
}
