// Package desk is the window behind which people sit: who waits there, in
// which order, who serves whom, and what a customer can honestly be told about
// his wait (spec §5.1).
package desk
