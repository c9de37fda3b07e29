package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"okoshko/core/fault"
)

// Verdict is how much of what was accepted a configured Redis can lose.
type Verdict string

// The verdicts, from the best to the worst. On a cluster the worst of its
// masters counts. They speak of one server and its disk: whatever is copied to
// replicas is copied after the answer.
const (
	// KeepsAll: every write is on the disk before it is answered.
	KeepsAll Verdict = "keeps_all"
	// Unknown: the server does not tell.
	Unknown Verdict = "unknown"
	// LosesSeconds: a power cut loses about the last second of dialog.
	LosesSeconds Verdict = "loses_seconds"
	// LosesMinutes: only snapshots are written; a restart loses what came after.
	LosesMinutes Verdict = "loses_minutes"
	// Evicts: a full memory throws conversations away.
	Evicts Verdict = "evicts"
)

var gravity = map[Verdict]int{KeepsAll: 0, Unknown: 1, LosesSeconds: 2, LosesMinutes: 3, Evicts: 4}

// Durability is what a Redis promises for what it has answered. A setting that
// the server does not tell is "unknown".
type Durability struct {
	Verdict     Verdict `json:"verdict"`
	AppendOnly  string  `json:"appendonly"`
	AppendFsync string  `json:"appendfsync"`
	// Policy is maxmemory-policy. The volatile ones throw away leases and
	// counted tries alone: conversations have no time to live.
	Policy string `json:"maxmemory_policy"`
	// Replicas is the number of connected replicas, the fewest of any master;
	// MinReplicas is min-replicas-to-write.
	Replicas    int    `json:"replicas"`
	MinReplicas string `json:"min_replicas_to_write"`
}

// Safe reports whether nothing that was answered can be lost on an intact
// disk.
func (d Durability) Safe() bool { return d.Verdict == KeepsAll }

// String says it in one line.
func (d Durability) String() string {
	said := map[Verdict]string{
		KeepsAll:     "every write is on the disk before it is answered",
		Unknown:      "the server does not say how it writes to the disk",
		LosesSeconds: "a power cut may lose about the last second of dialog: set appendfsync always",
		LosesMinutes: "a restart may lose minutes of dialog: set appendonly yes and appendfsync always",
		Evicts:       "a full memory throws conversations away: set maxmemory-policy noeviction",
	}[d.Verdict]
	return fmt.Sprintf("%s (appendonly %s, appendfsync %s, maxmemory-policy %s, %d replicas, min-replicas-to-write %s)",
		said, d.AppendOnly, d.AppendFsync, d.Policy, d.Replicas, d.MinReplicas)
}

// Durability asks every master what it promises.
func (s *Store) Durability(ctx context.Context) (Durability, error) {
	var mu sync.Mutex
	var worst *Durability
	err := s.masters(ctx, func(ctx context.Context, node *redis.Client) error {
		d, err := durability(ctx, node)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case worst == nil:
			worst = &d
		case gravity[d.Verdict] > gravity[worst.Verdict]:
			d.Replicas = min(d.Replicas, worst.Replicas)
			worst = &d
		default:
			worst.Replicas = min(d.Replicas, worst.Replicas)
		}
		return nil
	})
	if err != nil {
		return Durability{}, wrap("ask for durability", err)
	}
	if worst == nil {
		return Durability{Verdict: Unknown}, nil
	}
	return *worst, nil
}

func durability(ctx context.Context, node *redis.Client) (Durability, error) {
	const unknown = "unknown"
	d := Durability{AppendOnly: unknown, AppendFsync: unknown, Policy: unknown, MinReplicas: unknown}
	for name, to := range map[string]*string{
		"appendonly": &d.AppendOnly, "appendfsync": &d.AppendFsync,
		"maxmemory-policy": &d.Policy, "min-replicas-to-write": &d.MinReplicas,
	} {
		values, err := node.ConfigGet(ctx, name).Result()
		if err != nil && kindOf(err) == fault.Unavailable {
			return d, err
		}
		if v := values[name]; err == nil && v != "" { // a managed server may forbid CONFIG
			*to = v
		}
	}
	replication, err := info(ctx, node, "replication")
	if err != nil {
		return d, err
	}
	d.Replicas, _ = strconv.Atoi(replication["connected_slaves"])
	if d.AppendOnly == unknown {
		persistence, err := info(ctx, node, "persistence")
		if err != nil {
			return d, err
		}
		if on, ok := map[string]string{"0": "no", "1": "yes"}[persistence["aof_enabled"]]; ok {
			d.AppendOnly = on
		}
	}
	if d.Policy == unknown {
		memory, err := info(ctx, node, "memory")
		if err != nil {
			return d, err
		}
		if p := memory["maxmemory_policy"]; p != "" {
			d.Policy = p
		}
	}
	d.Verdict = d.judge()
	return d, nil
}

func (d Durability) judge() Verdict {
	switch {
	case strings.HasPrefix(d.Policy, "allkeys-"):
		return Evicts
	case d.AppendOnly == "no":
		return LosesMinutes
	case d.AppendFsync == "everysec" || d.AppendFsync == "no":
		return LosesSeconds
	case d.AppendOnly == "yes" && d.AppendFsync == "always" && d.Policy != "unknown":
		return KeepsAll
	}
	return Unknown
}
