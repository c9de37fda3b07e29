package main

import (
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/privacy"
)

func TestParseRedisURL(t *testing.T) {
	t.Parallel()
	secret := privacy.NewSecret
	for address, want := range map[string]RedisTarget{
		"redis://store": {Kind: RedisSingle, Network: "tcp", Hosts: []string{"store:6379"}},
		"rediss://user:p%40ss:@store:7000/3": {
			Kind: RedisSingle, Network: "tcp", Hosts: []string{"store:7000"}, TLS: true,
			DB: 3, Username: "user", Password: secret("p@ss:"),
		},
		"redis://:pass@[::1]/":           {Kind: RedisSingle, Network: "tcp", Hosts: []string{"[::1]:6379"}, Password: secret("pass")},
		"redis://[::1]:1":                {Kind: RedisSingle, Network: "tcp", Hosts: []string{"[::1]:1"}},
		"unix:///run/redis.sock":         {Kind: RedisSingle, Network: "unix", Hosts: []string{"/run/redis.sock"}},
		"unix://:pass@/run/r.sock?db=12": {Kind: RedisSingle, Network: "unix", Hosts: []string{"/run/r.sock"}, DB: 12, Password: secret("pass")},
		"redis+sentinel://a,b:1,[::1]/main/2?sentinel_user=s&sentinel_password=p%26": {
			Kind: RedisSentinel, Network: "tcp", Hosts: []string{"a:26379", "b:1", "[::1]:26379"},
			Master: "main", DB: 2, SentinelUsername: "s", SentinelPassword: secret("p&"),
		},
		"rediss+cluster://u:p@a:1,b": {
			Kind: RedisCluster, Network: "tcp", Hosts: []string{"a:1", "b:6379"}, TLS: true,
			Username: "u", Password: secret("p"),
		},
	} {
		got, err := ParseRedisURL(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func TestParseRedisURLRefuses(t *testing.T) {
	t.Parallel()
	for address, says := range map[string]string{
		"":                               "must begin with",
		"store:6379":                     "must begin with",
		"http://store":                   "must begin with",
		"redis+://store":                 "must begin with",
		"redis+galaxy://store":           "must begin with",
		"unix+cluster:///x":              "must begin with",
		"redis://":                       "must name its servers",
		"redis://:topsecret@":            "must name its servers",
		"redis://store:0":                "must name its servers",
		"redis://sto re":                 "must name its servers",
		"redis://::1":                    "must name its servers",
		"redis+cluster://a,,b":           "must name its servers",
		"redis://a,b":                    "several servers",
		"redis://store/topsecret":        "by a number",
		"redis://store/-1":               "by a number",
		"redis+cluster://a,b/1":          "only one",
		"redis+sentinel://a,b":           "must name the master",
		"unix://":                        "full path",
		"unix://run/redis.sock":          "full path",
		"redis://store?topsecret=1":      "unknown parameter",
		"redis://store?db=1":             "unknown parameter",
		"redis://store?a=%topsecret":     "cannot be read",
		"redis://user:%topsecret@store":  "percent-encoded",
		"redis+cluster://a?sentinel_u=1": "unknown parameter",
	} {
		_, err := ParseRedisURL(address)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want %q", address, err, says)
		} else if strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%q: the error quotes it: %v", address, err)
		}
	}
}

// FuzzParseRedisURL says that whatever is accepted can be dialled, and that the
// same target written down again is the same target.
func FuzzParseRedisURL(f *testing.F) {
	for _, seed := range []string{
		"redis://u:p@store:1/2", "unix://:p@/run/r.sock?db=1", "rediss://[::1]", "redis+cluster://a,b:2",
		"redis+sentinel://a,b/main/1?sentinel_user=x&sentinel_password=y", "redis://@:@", "redis+sentinel://[a]:1/%2f",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		target, err := ParseRedisURL(address)
		if err != nil {
			return
		}
		if len(target.Hosts) == 0 || target.DB < 0 || (target.Kind == RedisSentinel) != (target.Master != "") ||
			(target.Kind == RedisSingle && len(target.Hosts) != 1) {
			t.Fatalf("%q became %+v", address, target)
		}
		if target.Network == "unix" {
			return
		}
		for _, host := range target.Hosts {
			name, port, err := net.SplitHostPort(host)
			if err != nil || name == "" || !isPort(port, 1) {
				t.Fatalf("%q: cannot dial %q", address, host)
			}
		}
		again, err := ParseRedisURL("redis+cluster://" + strings.Join(target.Hosts, ","))
		if err != nil || !cmp.Equal(again.Hosts, target.Hosts) {
			t.Fatalf("%q: hosts %q are read again as %q, %v", address, target.Hosts, again.Hosts, err)
		}
	})
}
