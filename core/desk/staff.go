package desk

import "time"

// Account is one of the staff as the console's door knows him.
type Account struct {
	Member
	Login string
	// Password is its hash, in the form of package console.
	Password string
	// Version goes up with every change of the password: sessions of an older
	// one are over.
	Version  int
	Disabled bool
}

// Session is what the console keeps of somebody who has signed in.
type Session struct {
	Staff   int64 `json:"s"`
	Version int   `json:"v"` // of his account
	// CSRF must come back with every request that changes something.
	CSRF string `json:"c"`
	// Until is when it ends in any case, on real time.
	Until time.Time `json:"u"`
}
