package redis

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog/turn"
)

// Kind is how a Redis is run.
type Kind string

// The kinds of Redis.
const (
	Single   Kind = "single"
	Sentinel Kind = "sentinel"
	Cluster  Kind = "cluster"
)

// Config says where Redis is and how it is used.
type Config struct {
	Kind Kind
	// Network is "tcp" or, for a single server's socket, "unix".
	Network string
	// Addrs are the server, the sentinels, or nodes of the cluster.
	Addrs []string
	TLS   bool
	// Master is the name that the sentinels know.
	Master string
	// DB is the number of the database; a cluster has none but 0.
	DB                         int
	Username, SentinelUsername string
	Password, SentinelPassword privacy.Secret
	// Prefix begins every key; "" is DefaultPrefix. Two installations on one
	// cluster, which has no databases, need different ones.
	Prefix string
	// PlainOnly never pipelines the calls of different turns.
	PlainOnly bool
	// Lazy lets Open succeed while the server is away.
	Lazy bool
	Log  *slog.Logger
	// Suspect is called when a new connection meets a server whose data may
	// be other than before: restarted or failed over. It must not block.
	Suspect func()
}

// DefaultPrefix begins the keys of an installation.
const DefaultPrefix = "ok"

// Limits of one call. AutoPipeline does not look at contexts, so these bound
// it, and a server that hangs costs a turn 2 × 3 s.
const (
	dialTimeout = 3 * time.Second
	ioTimeout   = 3 * time.Second
	maxRetries  = 1
)

// Buffers of a connection, in each direction. There may be thirty connections on
// two processors, and go-redis's own 32 and 128 KiB were a third of the memory in
// use: a turn's calls are below 8 KiB, and what is larger takes another write.
const (
	callBuffer     = 8 << 10
	pipelineBuffer = 64 << 10
)

// Store is a Redis with live conversations. Its methods may be called from any
// goroutine. Errors of the network, and of a server that is starting, failing
// over or full, are of kind fault.Unavailable: the call may be repeated, though
// it may have been carried out.
type Store struct {
	seam
	keys    *keys
	replica string // names this process as the holder of leases
	calls   atomic.Int64
	log     *slog.Logger
	visit   atomic.Int64 // where Dirty begins
}

var (
	_ turn.Conversations = (*Store)(nil)
	_ turn.Outbox        = (*Store)(nil)
	_ turn.Agenda        = (*Store)(nil)
	_ turn.Backlog       = (*Store)(nil)
	_ turn.History       = (*Store)(nil)
	_ turn.Hints         = (*Store)(nil)
	_ customer.Tries     = (*Store)(nil)
)

// Open connects. The error is Invalid for an unknown kind, Unavailable if the
// server is away and the configuration is not Lazy.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Prefix == "" {
		c.Prefix = DefaultPrefix
	}
	redis.SetLogger(library{c.Log})
	client, err := connect(c)
	if err != nil {
		return nil, err
	}
	s := &Store{seam: seam{client: client, few: few}, keys: newKeys(c.Prefix, hintsChannel(c)), replica: rand.Text(), log: c.Log}
	if !c.PlainOnly {
		if s.auto, err = client.AutoPipeline(); err != nil {
			return nil, wrap("open pipeline", err)
		}
	}
	if c.Lazy {
		return s, nil
	}
	if err := s.Ping(ctx); err != nil {
		_ = client.Close()
		return nil, err
	}
	for _, script := range scripts {
		if err := script.Load(ctx, client).Err(); err != nil {
			_ = client.Close()
			return nil, wrap("load script", err)
		}
	}
	return s, nil
}

// connect makes the client; nothing is dialled yet.
func connect(c Config) (redis.UniversalClient, error) {
	var secure *tls.Config
	if c.TLS {
		secure = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	w := &witness{suspect: c.Suspect}
	switch c.Kind {
	case Single:
		if secure != nil && len(c.Addrs) > 0 {
			secure.ServerName, _, _ = net.SplitHostPort(c.Addrs[0])
		}
		return redis.NewClient(&redis.Options{
			Network: c.Network, Addr: first(c.Addrs), DB: c.DB, TLSConfig: secure,
			Username: c.Username, Password: c.Password.Reveal(), OnConnect: w.meet,
			DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
			MaxRetries: maxRetries, ContextTimeoutEnabled: true,
			ReadBufferSize: callBuffer, WriteBufferSize: callBuffer,
			PipelineReadBufferSize: pipelineBuffer, PipelineWriteBufferSize: pipelineBuffer,
		}), nil
	case Sentinel:
		return redis.NewFailoverClient(&redis.FailoverOptions{
			MasterName: c.Master, SentinelAddrs: c.Addrs, DB: c.DB, TLSConfig: secure,
			Username: c.Username, Password: c.Password.Reveal(), OnConnect: w.meet,
			SentinelUsername: c.SentinelUsername, SentinelPassword: c.SentinelPassword.Reveal(),
			DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
			MaxRetries: maxRetries, ContextTimeoutEnabled: true,
			ReadBufferSize: callBuffer, WriteBufferSize: callBuffer,
			PipelineReadBufferSize: pipelineBuffer, PipelineWriteBufferSize: pipelineBuffer,
		}), nil
	case Cluster:
		return redis.NewClusterClient(&redis.ClusterOptions{
			Addrs: c.Addrs, TLSConfig: secure,
			Username: c.Username, Password: c.Password.Reveal(), OnConnect: w.meet,
			DialTimeout: dialTimeout, ReadTimeout: ioTimeout, WriteTimeout: ioTimeout,
			MaxRedirects: maxRedirects, ContextTimeoutEnabled: true,
			ReadBufferSize: callBuffer, WriteBufferSize: callBuffer,
			PipelineReadBufferSize: pipelineBuffer, PipelineWriteBufferSize: pipelineBuffer,
		}), nil
	}
	return nil, fault.New(fault.Invalid, "redis is run as single, sentinel or cluster")
}

// maxRedirects is how often a call follows MOVED and ASK, or tries again.
const maxRedirects = 3

func first(addrs []string) string {
	if len(addrs) == 0 {
		return ""
	}
	return addrs[0]
}

// Close disconnects.
func (s *Store) Close() error { return wrap("close redis", s.client.Close()) }

// Ping asks whether the store can be reached; of a cluster, every master.
func (s *Store) Ping(ctx context.Context) error {
	return wrap("ping redis", s.masters(ctx, func(ctx context.Context, node *redis.Client) error {
		return node.Ping(ctx).Err()
	}))
}

// witness remembers the servers that connections have met.
type witness struct {
	suspect func()
	mu      sync.Mutex
	known   map[string]bool
}

// meet is called with every new connection. A server that does not say who it
// is raises no suspicion: the generation mark is compared again and again
// anyway.
func (w *witness) meet(ctx context.Context, conn *redis.Conn) error {
	if w.suspect == nil {
		return nil
	}
	id, err := identify(ctx, conn)
	if err != nil {
		return nil //nolint:nilerr // the first command will say it
	}
	w.mu.Lock()
	begun, known := len(w.known) > 0, w.known[id]
	if !begun {
		w.known = map[string]bool{}
	}
	w.known[id] = true
	w.mu.Unlock()
	if begun && !known {
		w.suspect()
	}
	return nil
}

// library brings what go-redis has to say into our log; its own goes to the
// standard error. There is one for the whole process.
type library struct{ log *slog.Logger }

// Printf implements go-redis's logger.
func (l library) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "go-redis", "said", fmt.Sprintf(format, v...))
}
