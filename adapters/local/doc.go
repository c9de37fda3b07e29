// Package local runs a private PostgreSQL and Redis for a machine that has
// none configured, so that one command on a fresh machine starts everything.
// The servers listen on unix sockets only, and everything they keep lies under
// one data folder (by default ./var):
//
//	lock/            who serves, and who looks after which server (flock)
//	log/             postgres.log, redis.log; the last generation as *.log.1
//	servers/pg-15/   the PostgreSQL cluster, named by its major version,
//	                 as a newer PostgreSQL refuses an older one's files
//	servers/redis/   the append-only file
//	servers/run/     the sockets
//
// Two of them may be symbolic links: servers, to a folder in /var/lib, when
// root's data folder lies where the servers' own user may not go (they refuse
// to run as root); and servers/run, to a short folder in the temporary one,
// when the path is too long for a socket. To start afresh, delete the data
// folder while nothing runs.
//
// # Who looks after a server
//
// Any number of programs may open the same folder. The first to take a
// server's lock owns it: starts it, starts it again when it dies, and stops it
// at its own end. The others use what is running and stand in line: when the
// owner ends, even by kill -9, the next one takes over within a fraction of a
// second, on the same socket. Only a second program that serves is refused.
//
// # After a hard kill
//
// A child is told by the kernel when its parent dies (Linux). Whatever still
// runs on the folder is stopped before a server starts on it, and locks that a
// dead server left behind are removed, so that no restart needs a hand.
package local
