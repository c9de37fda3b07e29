package webchat

import (
	"context"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"okoshko/core/billing"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// identity believes the host page's word for its customer: a JWT signed with
// the secret that the supplier's site and this server share. It runs on real
// time, as the site does.
type identity struct {
	secret privacy.Secret
	live   Live
	parser *jwt.Parser
}

const (
	// identityLife is how far ahead a word may end; identityLeeway forgives
	// clocks that differ.
	identityLife   = 5 * time.Minute
	identityLeeway = 30 * time.Second
	// longestSubject and longestJTI bound what is stored, in bytes.
	longestSubject = 200
	longestJTI     = 200
	// mostVouched is how many accounts a page may vouch for at once.
	mostVouched = 40
)

// claims are what a page may say: who it is, and which accounts are his.
type claims struct {
	jwt.RegisteredClaims
	Accounts []string `json:"accounts"`
}

// word is what a page has said and is believed.
type word struct {
	subject  string
	accounts []billing.AccountNumber
}

func newIdentity(secret privacy.Secret, live Live) *identity {
	return &identity{secret, live, jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithLeeway(identityLeeway))}
}

var errIdentity = fault.New(fault.Denied, "the page's word is not believed")

// word returns who the token vouches for, and for which accounts. The error is
// Denied for a token that is unsigned, signed by another, worn out, good for too
// long, used before, or names what is no account; Unavailable if that cannot be
// told.
func (i *identity) word(ctx context.Context, token string) (word, error) {
	if i.secret.IsZero() {
		return word{}, errIdentity
	}
	var said claims
	_, err := i.parser.ParseWithClaims(token, &said, func(*jwt.Token) (any, error) { return []byte(i.secret.Reveal()), nil })
	if err != nil {
		return word{}, errors.Join(errIdentity, err)
	}
	if said.Subject == "" || len(said.Subject) > longestSubject || said.ID == "" || len(said.ID) > longestJTI ||
		len(said.Accounts) > mostVouched || time.Until(said.ExpiresAt.Time) > identityLife+identityLeeway {
		return word{}, errIdentity
	}
	believed := word{subject: said.Subject}
	for _, number := range said.Accounts {
		account, err := billing.ParseAccount(number)
		if err != nil {
			return word{}, errIdentity
		}
		believed.accounts = append(believed.accounts, account)
	}
	fresh, err := i.live.PutTicket(ctx, "jti "+said.ID, "", identityLife+2*identityLeeway)
	switch {
	case err != nil:
		return word{}, fault.Wrap(fault.Unavailable, err)
	case !fresh:
		return word{}, errIdentity
	}
	return believed, nil
}
