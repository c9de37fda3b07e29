package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
)

// Misleading says why the links of letters, papers and payments would lead nowhere:
// they begin with http.public_url, whatever listens. "" if nothing speaks against it.
// A public address may be anything that leads here; only one of this very machine
// can be compared with what listens.
func (c Config) Misleading() string {
	u, err := url.Parse(c.HTTP.PublicURL)
	if err != nil || u.Scheme != "http" || !isLocal(u.Hostname()) {
		return ""
	}
	host, port, err := net.SplitHostPort(c.HTTP.Listen)
	switch {
	case err != nil:
		return ""
	case port != "0" && port != portOf(u):
		return fmt.Sprintf("http.public_url is %s, but the program listens at %s: links in letters lead elsewhere", c.HTTP.PublicURL, c.HTTP.Listen)
	case !isLocal(host):
		return fmt.Sprintf("http.public_url is %s, which opens on this machine alone, but the program listens at %s for others: links in letters lead them nowhere", c.HTTP.PublicURL, c.HTTP.Listen)
	}
	return ""
}

// atHome is the configuration of a demo: its links lead to the port at which it
// listens, unless they are meant to lead elsewhere.
func (c Config) atHome() Config {
	u, err := url.Parse(c.HTTP.PublicURL)
	_, port, err2 := net.SplitHostPort(c.HTTP.Listen)
	if err == nil && err2 == nil && c.Misleading() != "" && port != portOf(u) {
		u.Host = net.JoinHostPort(u.Hostname(), port)
		c.HTTP.PublicURL = u.String()
	}
	return c
}

// portOf is the port of an address over plain http.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return "80"
}

// isLocal reports whether a host is this very machine alone.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
