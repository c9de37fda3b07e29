package redis

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// Load implements turn.Conversations.
func (s *Store) Load(ctx context.Context, c chat.Conversation) (turn.Snapshot, error) {
	way, err := s.way(ctx)
	if err != nil {
		return turn.Snapshot{}, wrap("load conversation", err)
	}
	defer s.leave()
	k := s.keys.of(c)
	// As HMGet, which puts every name into an interface of its own.
	cmd := redis.NewSliceCmd(ctx, append([]any{"hmget", k.record}, recordFields...)...)
	_ = way.Process(ctx, cmd) // the command has its own error
	values, err := cmd.Result()
	if err != nil {
		return turn.Snapshot{}, wrap("load conversation", err)
	}
	r, mark, found, err := decodeRecord(c, values)
	if err != nil {
		return turn.Snapshot{}, wrap("decode conversation", err)
	}
	if !found { // seldom enough for a second trip
		if mark, err = way.Get(ctx, k.mark).Result(); err != nil && !errors.Is(err, redis.Nil) {
			return turn.Snapshot{}, wrap("load mark", err)
		}
	}
	return turn.Snapshot{Record: r, Found: found, Mark: mark}, nil
}

// verdicts are what commit.lua answers.
var verdicts = [...]turn.Verdict{turn.Won, turn.WonDelivery, turn.Moved, turn.OtherMark, turn.WonBehind}

// Commit implements turn.Conversations.
func (s *Store) Commit(ctx context.Context, c turn.Commit) (made turn.Committed, err error) {
	k := s.keys.of(c.Conversation)
	inChat := "0"
	if c.InChat {
		inChat = "1"
	}
	hints := ""
	if c.Followed {
		hints = k.hints
	}
	number := s.number()
	args := make([]any, 0, 17+4*len(c.Entries))
	args = append(args,
		string(c.Conversation), strconv.FormatInt(c.Base, 10), strconv.FormatInt(c.Revision, 10),
		c.State, c.Seen, c.Holder, position(c.Tail),
		micros(c.Due), micros(c.Now), inChat,
		c.Mark, s.replica, leaseFor, keepFor, number, hints, c.After)
	args = appendEntries(args, c.Entries)
	answer, err := s.run(ctx, commitScript, []string{k.record, k.log, k.due, k.dirty, k.mark}, args...).Slice()
	if err != nil {
		return made, wrap("commit", err)
	}
	if len(answer) != 2 {
		return made, wrap("commit", errReply)
	}
	n, ok := answer[0].(int64)
	if !ok || n < 0 || int(n) >= len(verdicts) {
		return made, wrap("commit", errReply)
	}
	made.Verdict = verdicts[n]
	if made.Verdict != turn.Moved && made.Verdict != turn.OtherMark {
		made.By = number
		made.Prompt, _ = answer[1].(string)
	}
	return made, nil
}

// number names a call, so that a script knows its own repeat.
func (s *Store) number() string {
	return s.replica + "/" + strconv.FormatInt(s.calls.Add(1), 36)
}

// Restore implements turn.Conversations. The conversation is due at once.
func (s *Store) Restore(ctx context.Context, base int64, r turn.Record, unsent []turn.Entry, mark string) (bool, error) {
	k := s.keys.of(r.Conversation)
	args := make([]any, 0, 12+4*len(unsent))
	args = append(args,
		string(r.Conversation), strconv.FormatInt(base, 10), strconv.FormatInt(r.Revision, 10),
		r.State, r.Seen, r.Holder, position(r.Cursor), position(r.Tail), position(r.Archived), r.Prompt,
		micros(r.Due), mark)
	args = appendEntries(args, unsent)
	done, err := s.ask(ctx, restoreScript, []string{k.record, k.log, k.due, k.dirty, k.mark}, args...)
	return done, wrap("restore conversation", err)
}

// Erase deletes all that is kept of a conversation. A commit that is under way
// finds another revision than it loaded.
func (s *Store) Erase(ctx context.Context, c chat.Conversation) error {
	k := s.keys.of(c)
	err := s.run(ctx, eraseScript, []string{k.record, k.log, k.due, k.dirty}, string(c)).Err()
	return wrap("erase conversation", err)
}

// Rewrite orders every server to write its log anew, without what was deleted
// since: an erased person leaves its disk, too. One that is at it already began
// before the deletion, so that it is waited for; the new writing goes on after
// Rewrite has returned.
func (s *Store) Rewrite(ctx context.Context) error {
	err := s.masters(ctx, func(ctx context.Context, server *redis.Client) error {
		for {
			err := server.BgRewriteAOF(ctx).Err()
			if !redis.HasErrorPrefix(err, "Background append only file rewriting already in progress") {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(rewritePause):
			}
		}
	})
	return wrap("rewrite log", err)
}

// rewritePause lies between two orders to write the log anew.
const rewritePause = 50 * time.Millisecond
