package redis

import (
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
type partition struct{ record, log, due, dirty, mark, archiver string }

// keys names everything that is kept.
type keys struct {
	prefix     string
	partitions [Partitions]partition
}

func newKeys(prefix string) *keys {
	k := &keys{prefix: prefix}
	for p := range k.partitions {
		tag := prefix + ":{" + strconv.Itoa(p) + "}:"
		k.partitions[p] = partition{
			record: tag + "c:", log: tag + "log:", due: tag + "due", dirty: tag + "dirty",
			mark: tag + "mark", archiver: tag + "archiver",
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

func (k *keys) lease(name string) string { return k.prefix + ":lease:" + name }
