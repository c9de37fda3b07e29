package registry

import (
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
)

// Books are the tables by which cases live, as of a version of the content.
type Books struct {
	Version int64
	Forms   *appeal.Book
	Terms   *term.Book
	Routes  *route.Book
	// Machine is made of them.
	Machine *life.Machine
}
