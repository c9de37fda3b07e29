package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// LinkFor is how long an address of a personal file is good (spec §3.6: 15
// minutes, one use).
const LinkFor = 15 * time.Minute

// tokenSize is in bytes: too many to guess.
const tokenSize = 32

// errLink is the one answer to every address that is not good.
var errLink error = &fault.Error{Kind: fault.NotFound, Key: "link"}

// Link makes the token of an address under which the file can be fetched once
// within LinkFor; the conversation is the one that it is given to. The token is
// fit for an address, and only its hash is kept. The error is NotFound if there
// is no such file.
func (s *Store) Link(ctx context.Context, fileID string, c chat.Conversation, now time.Time) (token string, err error) {
	var secret [tokenSize]byte
	rand.Read(secret[:]) //nolint:errcheck // it never fails
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	hash := sha256.Sum256([]byte(token))
	if err := s.depot.AddLink(ctx, hash[:], fileID, c, now.Add(LinkFor)); err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	return token, nil
}

// CheckLink says whether the file could be fetched now, without using the token
// up: nil, or NotFound for a token that is used up, has run out or never was.
func (s *Store) CheckLink(ctx context.Context, token string, now time.Time) error {
	_, err := s.findLink(ctx, token, now)
	return err
}

// OpenLink uses the token up and returns its file as Open does. Of many callers
// one gets it; the error of the others, and for a token that has run out or
// never was, is the same NotFound. A file that cannot be opened leaves the token
// as it is.
func (s *Store) OpenLink(ctx context.Context, token string, now time.Time) (chat.File, io.ReadCloser, error) {
	id, err := s.findLink(ctx, token, now)
	if err != nil {
		return chat.File{}, nil, err
	}
	f, r, err := s.Open(ctx, id)
	if err != nil {
		return chat.File{}, nil, notFound(err)
	}
	hash := sha256.Sum256([]byte(token))
	if err := s.depot.UseLink(ctx, hash[:], now); err != nil {
		return chat.File{}, nil, notFound(err)
	}
	return f, r, nil
}

func (s *Store) findLink(ctx context.Context, token string, now time.Time) (string, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return "", errLink
	}
	hash := sha256.Sum256([]byte(token))
	id, err := s.depot.FindLink(ctx, hash[:], now)
	return id, notFound(err)
}

// notFound makes every reason why an address is not good the same.
func notFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errLink
	}
	return err
}
