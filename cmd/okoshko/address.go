package main

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// addressOf returns a function that tells whose request it is: the connection's
// other end or, where that is one of our proxies, the last address of
// X-Forwarded-For that is not. What stands before that one its sender has
// written himself.
func addressOf(trusted []string) func(c *fiber.Ctx) netip.Addr {
	networks := make([]netip.Prefix, 0, len(trusted))
	for _, t := range trusted {
		network, err := netip.ParsePrefix(t)
		if a, single := netip.ParseAddr(t); err != nil && single == nil {
			network = netip.PrefixFrom(a, a.BitLen())
		}
		networks = append(networks, network)
	}
	ours := func(a netip.Addr) bool {
		return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
	}
	return func(c *fiber.Ctx) netip.Addr {
		at, _ := netip.ParseAddrPort(c.Context().RemoteAddr().String())
		return sender(at.Addr().Unmap(), c.Get(fiber.HeaderXForwardedFor), ours)
	}
}

func sender(peer netip.Addr, forwarded string, ours func(netip.Addr) bool) netip.Addr {
	if !ours(peer) || forwarded == "" {
		return peer
	}
	hops := strings.Split(forwarded, ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return peer // somebody wrote nonsense: the proxy itself answers for it
		}
		if peer = a.Unmap(); !ours(peer) {
			return peer
		}
	}
	return peer
}
