package main

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"okoshko/core/privacy"
)

// RedisKind is how a Redis is run, which decides how it is reached.
type RedisKind string

// The kinds of Redis.
const (
	RedisSingle   RedisKind = "single"
	RedisSentinel RedisKind = "sentinel"
	RedisCluster  RedisKind = "cluster"
)

// RedisTarget is redis.url, read.
type RedisTarget struct {
	Kind     RedisKind
	Network  string   // "tcp", or "unix" for a single server's socket
	Hosts    []string // host:port; sentinels or cluster nodes if there are several; the path of the socket
	TLS      bool
	Master   string // the name that the sentinels know; sentinel alone
	DB       int    // always 0 on a cluster, which has no other
	Username string
	Password privacy.Secret
	// The sentinels' own account, which is not the servers'.
	SentinelUsername string
	SentinelPassword privacy.Secret
}

// ParseRedisURL reads the house's one way to write a Redis down:
//
//	redis://[user:password@]host[:6379][/db]                          one server
//	unix://[user:password@]/path/to/redis.sock[?db=n]                 one server's socket
//	redis+sentinel://[user:password@]host[:26379],host…/master[/db]   behind sentinels
//	redis+cluster://[user:password@]host[:6379],host…                 a cluster, from any of its nodes
//
// With rediss instead of redis everything goes over TLS. Behind sentinels
// ?sentinel_user= and ?sentinel_password= name the sentinels' own account.
// User and password are percent-encoded. The error completes "redis.url …" and
// does not quote the address, which may hold a password.
func ParseRedisURL(address string) (RedisTarget, error) {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return RedisTarget{}, errRedisScheme
	}
	target := RedisTarget{Network: "tcp"}
	rest, parameters, _ := strings.Cut(rest, "?")
	query, err := url.ParseQuery(parameters)
	if err != nil {
		return RedisTarget{}, errors.New("has parameters after ? that cannot be read")
	}
	if rest, err = target.account(rest); err != nil {
		return RedisTarget{}, err
	}
	family, kind, _ := strings.Cut(scheme, "+")
	target.TLS = family == "rediss"
	switch {
	case scheme == "unix":
		err = target.socket(rest, query)
	case family != "redis" && family != "rediss":
		err = errRedisScheme
	case kind == "" && !strings.Contains(scheme, "+"):
		err = target.single(rest)
	case kind == "sentinel":
		err = target.sentinel(rest, query)
	case kind == "cluster":
		err = target.cluster(rest)
	default:
		err = errRedisScheme
	}
	if err == nil && len(query) > 0 {
		err = errors.New("has an unknown parameter after ?")
	}
	if err != nil {
		return RedisTarget{}, err
	}
	return target, nil
}

var (
	errRedisScheme = errors.New("must begin with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster:// (rediss+… for TLS)")
	errRedisDB     = errors.New("must name its database by a number, such as /0")
	errRedisHost   = errors.New("must name its servers as host or host:port, with commas between them")
)

// account takes user and password off the front.
func (t *RedisTarget) account(rest string) (string, error) {
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return rest, nil
	}
	user, password, _ := strings.Cut(rest[:at], ":")
	user, errUser := url.PathUnescape(user)
	password, errPassword := url.PathUnescape(password)
	if errUser != nil || errPassword != nil {
		return "", errors.New("has a user or password that is not percent-encoded")
	}
	t.Username, t.Password = user, privacy.NewSecret(password)
	return rest[at+1:], nil
}

func (t *RedisTarget) socket(path string, query url.Values) error {
	if !strings.HasPrefix(path, "/") || path == "/" {
		return errors.New("must name a socket by its full path: unix:///run/redis.sock")
	}
	t.Kind, t.Network, t.Hosts = RedisSingle, "unix", []string{path}
	db := query.Get("db")
	query.Del("db")
	return t.database(db)
}

func (t *RedisTarget) single(rest string) error {
	host, db, _ := strings.Cut(rest, "/")
	if strings.Contains(host, ",") {
		return errors.New("names several servers: begin it with redis+sentinel:// or redis+cluster://")
	}
	t.Kind = RedisSingle
	if err := t.hosts(host, "6379"); err != nil {
		return err
	}
	return t.database(db)
}

func (t *RedisTarget) sentinel(rest string, query url.Values) error {
	hosts, path, _ := strings.Cut(rest, "/")
	master, db, _ := strings.Cut(path, "/")
	if master == "" {
		return errors.New("must name the master that the sentinels watch: redis+sentinel://host/master")
	}
	t.Kind, t.Master = RedisSentinel, master
	t.SentinelUsername = query.Get("sentinel_user")
	t.SentinelPassword = privacy.NewSecret(query.Get("sentinel_password"))
	query.Del("sentinel_user")
	query.Del("sentinel_password")
	if err := t.hosts(hosts, "26379"); err != nil {
		return err
	}
	return t.database(db)
}

func (t *RedisTarget) cluster(rest string) error {
	hosts, path, _ := strings.Cut(rest, "/")
	if path != "" {
		return errors.New("names a database, but a cluster has only one")
	}
	t.Kind = RedisCluster
	return t.hosts(hosts, "6379")
}

func (t *RedisTarget) hosts(list, port string) error {
	for host := range strings.SplitSeq(list, ",") {
		host = strings.TrimSpace(host)
		if bare := strings.Trim(host, "[]"); !strings.Contains(host, ":") || host == "["+bare+"]" {
			host = net.JoinHostPort(bare, port)
		}
		name, number, err := net.SplitHostPort(host)
		if err != nil || name == "" || strings.ContainsAny(name, " /?#%[]") || !isPort(number, 1) {
			return errRedisHost
		}
		t.Hosts = append(t.Hosts, net.JoinHostPort(name, number))
	}
	return nil
}

func (t *RedisTarget) database(s string) error {
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<14 {
		return errRedisDB
	}
	t.DB = n
	return nil
}
