package redis

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// hintsChannel is where hints are published, "" on a cluster, where each
// partition has a channel of its own: shards need not tell each other. The
// databases of a server share its channels, so that the number is in the name.
func hintsChannel(c Config) string {
	if c.Kind == Cluster {
		return ""
	}
	return c.Prefix + ":hints:" + strconv.Itoa(c.DB)
}

// Publish implements turn.Hints.
func (s *Store) Publish(ctx context.Context, h turn.Hint) error {
	channel := s.keys.of(h.Conversation).hints
	text := string(h.Conversation) + " " + h.Position.String() + " " + string(h.Kind) + " " + h.By
	if s.sharded() {
		return wrap("publish hint", s.client.SPublish(ctx, channel, text).Err())
	}
	return wrap("publish hint", s.client.Publish(ctx, channel, text).Err())
}

func (s *Store) sharded() bool {
	_, sharded := s.client.(*redis.ClusterClient)
	return sharded
}

// hintsAhead is how many hints may wait for Subscribe's caller; those beyond
// are lost after a while.
const hintsAhead = 4096

// Subscribe implements turn.Hints. It comes back by itself after every loss of
// the connection; what was published meanwhile is lost, and anew says so.
func (s *Store) Subscribe(ctx context.Context, do func(turn.Hint), anew func()) error {
	var subscriptions []*redis.PubSub
	if s.sharded() {
		for i := range s.keys.partitions {
			subscriptions = append(subscriptions, s.client.SSubscribe(ctx, s.keys.partitions[i].hints))
		}
	} else {
		subscriptions = append(subscriptions, s.client.Subscribe(ctx, s.keys.partitions[0].hints))
	}
	var readers sync.WaitGroup
	for _, subscription := range subscriptions {
		readers.Go(func() {
			for m := range subscription.ChannelWithSubscriptions(redis.WithChannelSize(hintsAhead)) {
				switch m := m.(type) {
				case *redis.Subscription:
					anew()
				case *redis.Message:
					if h, ok := parseHint(m.Payload); ok {
						do(h)
					}
				}
			}
		})
	}
	<-ctx.Done()
	for _, subscription := range subscriptions {
		_ = subscription.Close()
	}
	readers.Wait()
	return nil
}

// parseHint reads "<conversation> <position> <kind> <by>"; scripts leave by out.
func parseHint(text string) (h turn.Hint, ok bool) {
	words := strings.SplitN(text, " ", 4)
	if len(words) < 3 {
		return h, false
	}
	position, err := turn.ParsePosition(words[1])
	if err != nil {
		return h, false
	}
	h = turn.Hint{Conversation: chat.Conversation(words[0]), Position: position, Kind: turn.HintKind(words[2])}
	if len(words) == 4 {
		h.By = words[3]
	}
	return h, true
}
