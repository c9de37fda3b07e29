package redis

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"strconv"

	"okoshko/core/chat"
)

// Partitions is how many parts the conversations are spread over, fixed for
// ever: a name that hashes elsewhere is a conversation that was lost.
const Partitions = 64

// Partition returns the part of a conversation: FNV-1a (32 bit) of its name.
func Partition(c chat.Conversation) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c))
	return int(h.Sum32() % Partitions)
}

// partition is the keys that the conversations of a partition share.
type partition struct{ record, log, due, dirty, mark, archiver, hints string }

// keys names everything that is kept.
type keys struct {
	prefix     string
	partitions [Partitions]partition
}

func newKeys(prefix, hints string) *keys {
	k := &keys{prefix: prefix}
	for p := range k.partitions {
		tag := prefix + ":{" + strconv.Itoa(p) + "}:"
		k.partitions[p] = partition{
			record: tag + "c:", log: tag + "log:", due: tag + "due", dirty: tag + "dirty",
			mark: tag + "mark", archiver: tag + "archiver", hints: hints,
		}
		if hints == "" {
			k.partitions[p].hints = tag + "hints"
		}
	}
	return k
}

// of returns the keys of a conversation.
func (k *keys) of(c chat.Conversation) partition {
	p := k.partitions[Partition(c)]
	p.record += string(c)
	p.log += string(c)
	return p
}

func (k *keys) tries(hash string) string { return k.prefix + ":tries:" + hash }

// ticket hides what a client holds.
func (k *keys) ticket(name string) string {
	sum := sha256.Sum256([]byte("okoshko ticket\n" + name))
	return k.prefix + ":ticket:" + hex.EncodeToString(sum[:])
}

// sessionID names the session of a secret: it shows nothing of it.
func sessionID(secret string) string {
	sum := sha256.Sum256([]byte("okoshko session\n" + secret))
	return hex.EncodeToString(sum[:])
}

// session is a session of the console by its ID, sessions the IDs of somebody's.
func (k *keys) session(id string) string { return k.prefix + ":session:" + id }

func (k *keys) sessions(staff int64) string {
	return k.prefix + ":sessions:" + strconv.FormatInt(staff, 10)
}

func (k *keys) lease(name string) string { return k.prefix + ":lease:" + name }
