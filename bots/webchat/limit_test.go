package webchat

import (
	"net/netip"
	"strconv"
	"testing"
	"time"
)

func TestSocketsOfOneAddressAreCounted(t *testing.T) {
	t.Parallel()
	h := newHub(&Chat{Config: Config{Meter: countless{}}})
	office, home := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i := range mostAtOne {
		if ok, _ := h.room(office); !ok {
			t.Fatalf("socket %d of %d is refused", i+1, mostAtOne)
		}
	}
	if ok, full := h.room(office); ok || full {
		t.Errorf("one socket more: %v, full %v", ok, full)
	}
	if ok, _ := h.room(home); !ok {
		t.Error("another address is refused")
	}
	h.vacate(office)
	if ok, _ := h.room(office); !ok {
		t.Error("a place that was given back is not given out")
	}
}

func TestANeighbourhoodIsOneCustomers(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "fe80::1%eth0": "fe80::",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2::1": "2001:db8:1:2::", "2001:db8:1:3::1": "2001:db8:1:3::",
	} {
		if got := neighbourhood(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}

// Whoever tries names by the hundred thousand fills no memory with them.
func TestLimitsRememberSoMany(t *testing.T) {
	t.Parallel()
	l := newLimits()
	for i := range mostBuckets + 10 {
		l.take("stranger", strconv.Itoa(i), strangerRate)
	}
	if n := len(l.buckets); n > mostBuckets {
		t.Errorf("%d names are remembered", n)
	}
	for _, b := range l.buckets { // two minutes later
		b.at = b.at.Add(-2 * time.Minute)
	}
	l.cleaned = time.Time{}
	l.take("stranger", "new", strangerRate)
	if n := len(l.buckets); n != 1 {
		t.Errorf("%d names are remembered that do not matter any more", n-1)
	}
}
