package redistest

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	client "github.com/redis/go-redis/v9"
)

const (
	masters = 3
	slots   = 16384
)

// startCluster returns the addresses of a fresh cluster's masters.
func startCluster() ([]string, error) {
	var addrs []string
	var nodes []*client.Client
	for range masters {
		p, addr, err := startNode()
		if err != nil {
			return nil, err
		}
		running = append(running, p)
		addrs = append(addrs, addr)
		nodes = append(nodes, client.NewClient(&client.Options{Addr: addr}))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for i, node := range nodes {
		defer node.Close()
		if err := node.ClusterAddSlotsRange(ctx, i*slots/masters, (i+1)*slots/masters-1).Err(); err != nil {
			return nil, fmt.Errorf("give slots: %w", err)
		}
		if err := node.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			return nil, fmt.Errorf("set epoch: %w", err)
		}
	}
	host, port, err := net.SplitHostPort(addrs[0])
	if err != nil {
		return nil, err
	}
	// The bus has a port of its own.
	bus, err := nodes[0].ConfigGet(ctx, "cluster-port").Result()
	if err != nil {
		return nil, fmt.Errorf("ask for the bus: %w", err)
	}
	for _, node := range nodes[1:] {
		if err := node.Do(ctx, "CLUSTER", "MEET", host, port, bus["cluster-port"]).Err(); err != nil {
			return nil, fmt.Errorf("meet: %w", err)
		}
	}
	return addrs, agree(ctx, nodes)
}

// agree waits until every node serves and knows all the others.
func agree(ctx context.Context, nodes []*client.Client) error {
	for {
		agreed := 0
		for _, node := range nodes {
			known, err := node.ClusterShards(ctx).Result()
			about, err2 := node.ClusterInfo(ctx).Result()
			if err == nil && err2 == nil && len(known) == masters && strings.Contains(about, "cluster_state:ok") {
				agreed++
			}
		}
		if agreed == masters {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the cluster: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// startNode starts one node on two free ports. Another process may take a port
// first; then others are tried.
func startNode() (*process, string, error) {
	var last error
	for range 5 {
		port, bus, err := freePorts()
		if err != nil {
			return nil, "", err
		}
		p, err := start(
			"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
			"--cluster-port", strconv.Itoa(bus), "--cluster-config-file", "nodes.conf",
			"--cluster-node-timeout", "5000",
		)
		if err == nil {
			return p, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), nil
		}
		last = err
		p.stop()
	}
	return nil, "", last
}

func freePorts() (a, b int, err error) {
	var ports [2]int
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return 0, 0, err
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports[0], ports[1], nil
}
