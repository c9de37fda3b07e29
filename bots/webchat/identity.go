package webchat

import (
	"context"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

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
)

func newIdentity(secret privacy.Secret, live Live) *identity {
	return &identity{secret, live, jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithLeeway(identityLeeway))}
}

var errIdentity = fault.New(fault.Denied, "the page's word is not believed")

// subject returns who the token vouches for. The error is Denied for a token
// that is unsigned, signed by another, worn out, good for too long, or used
// before; Unavailable if that cannot be told.
func (i *identity) subject(ctx context.Context, token string) (string, error) {
	if i.secret.IsZero() {
		return "", errIdentity
	}
	var claims jwt.RegisteredClaims
	_, err := i.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(i.secret.Reveal()), nil })
	if err != nil {
		return "", errors.Join(errIdentity, err)
	}
	if claims.Subject == "" || len(claims.Subject) > longestSubject || claims.ID == "" || len(claims.ID) > longestJTI ||
		time.Until(claims.ExpiresAt.Time) > identityLife+identityLeeway {
		return "", errIdentity
	}
	fresh, err := i.live.PutTicket(ctx, "jti "+claims.ID, "", identityLife+2*identityLeeway)
	switch {
	case err != nil:
		return "", fault.Wrap(fault.Unavailable, err)
	case !fresh:
		return "", errIdentity
	}
	return claims.Subject, nil
}
