// Package redistest gives tests real servers: a database of its own for each
// test on one shared server, a server of its own, and a cluster of three.
//
// A test binary starts the shared ones when it first asks for them. All go
// when the test binary goes, however it ends.
package redistest

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	client "github.com/redis/go-redis/v9"

	"okoshko/adapters/redis"
)

// databases is how many tests of one binary may ask for a database.
const databases = 4096

var (
	shared  = sync.OnceValues(func() (*process, error) { return start("--databases", strconv.Itoa(databases)) })
	cluster = sync.OnceValues(startCluster)
	taken   atomic.Int64
	houses  atomic.Int64
)

// Config returns where an empty database of the shared server is; the server
// writes its log before it answers. It is emptied at the end of the test.
// Tests must not flush scripts or all databases on it.
func Config(t testing.TB) redis.Config {
	t.Helper()
	p, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	c := p.config()
	c.DB = int(taken.Add(1) - 1)
	if c.DB >= databases {
		t.Fatalf("more than %d tests asked for a database", databases)
	}
	t.Cleanup(func() {
		conn := Client(c)
		defer conn.Close()
		if err := conn.FlushDB(context.Background()).Err(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// URL returns the address of Config in the form of the configuration's
// redis.url.
func URL(t testing.TB) string {
	t.Helper()
	c := Config(t)
	return "unix://" + c.Addrs[0] + "?db=" + strconv.Itoa(c.DB)
}

// Open returns a store on an empty database.
func Open(t testing.TB) *redis.Store {
	t.Helper()
	return Connect(t, Config(t))
}

// Connect returns a further store on the same data, as another replica would
// open it. It is closed at the end of the test.
func Connect(t testing.TB, c redis.Config) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Client returns a plain client, for looking behind the scenes.
func Client(c redis.Config) client.UniversalClient {
	if c.Kind == redis.Cluster {
		return client.NewClusterClient(&client.ClusterOptions{Addrs: c.Addrs})
	}
	return client.NewClient(&client.Options{Network: c.Network, Addr: c.Addrs[0], DB: c.DB})
}

// Server is a server of one test.
type Server struct{ process *process }

// Start returns a server that comes back when it is killed. It ends with the
// test.
func Start(t testing.TB) *Server {
	t.Helper()
	p, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return &Server{p}
}

// Config returns where the server is.
func (s *Server) Config() redis.Config { return s.process.config() }

// Kill ends the server the hard way and returns when it is back.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if err := s.process.kill(); err != nil {
		t.Fatal(err)
	}
}

// Cluster returns where a part of its own of the shared cluster is.
func Cluster(t testing.TB) redis.Config {
	t.Helper()
	addrs, err := cluster()
	if err != nil {
		t.Fatal(err)
	}
	return redis.Config{
		Kind: redis.Cluster, Network: "tcp", Addrs: addrs,
		Prefix: "house" + strconv.FormatInt(houses.Add(1), 10),
	}
}
