package main

import (
	"net/netip"
	"testing"
)

func TestSenderIsTheLastAddressThatIsNotOurs(t *testing.T) {
	t.Parallel()
	ours := func(a netip.Addr) bool { return netip.MustParsePrefix("10.0.0.0/8").Contains(a) }
	for _, tt := range []struct{ peer, forwarded, want string }{
		{"203.0.113.5", "", "203.0.113.5"},
		{"203.0.113.5", "198.51.100.1", "203.0.113.5"}, // a stranger may write what he likes
		{"10.0.0.1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1", "10.0.0.3", "10.0.0.3"},
		{"10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"},
		{"10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"},
	} {
		if got := sender(netip.MustParseAddr(tt.peer), tt.forwarded, ours); got.String() != tt.want {
			t.Errorf("%s, %q: %s, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
}
