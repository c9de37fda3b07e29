// Package redis keeps the live conversations: state, log, agenda and what the
// archive does not hold yet. It implements the ports of dialogs/dialog/turn,
// and counts guesses for core/customer.
//
// # Keys
//
// A conversation lives in partition p = FNV-1a(name) mod 64, fixed for ever.
// The hash tag {p} keeps the keys of a partition together on one node of a
// cluster, so that a script may touch them all:
//
//	ok:{p}:c:<conversation>     hash: the record, the lease, what was last done
//	ok:{p}:log:<conversation>   stream: entries, by their position
//	ok:{p}:due                  sorted set: conversation by the time (µs) it wants attention
//	ok:{p}:dirty                set: conversations that the archive has to copy
//	ok:{p}:mark                 generation of the store
//	ok:{p}:archiver             which replica copies the partition
//	ok:tries:<hash>             sorted set: guesses by their time
//	ok:lease:<name>             who is the one replica that does something
//	ok:ticket:<hash>            what is good once, with its time
//	ok:session:<hash>           who has signed in at the console
//
// News are published on the channel ok:hints, in a cluster on those of the
// partitions, ok:{p}:hints: a conversation, a position and a kind, never text.
//
// # Doing it twice
//
// A call is one script, and go-redis repeats it when the answer is lost. So
// every script may run twice: a commit knows its own repeat by a number that it
// leaves in the record, and gives the same answer again; so does the record of
// a delivery. A repeated claim or restore says no: the
// claim runs out and the conversation is due again, the restored record is found.
// Everything else sets what it says.
//
// # Clocks
//
// Due times and the age of entries are on the program's clock and come with the
// call. Leases run on the server's own clock (TIME), which all replicas share.
//
// It needs Redis 6.2 or newer (ZADD LT, open ranges of streams), a cluster 7.0
// (SPUBLISH).
package redis
