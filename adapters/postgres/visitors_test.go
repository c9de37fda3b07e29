package postgres_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
)

func TestVisitors(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	ctx, now := t.Context(), time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	token := people.VisitorToken(sha256.Sum256([]byte("a")))
	if _, err := db.FindVisitor(ctx, token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a token that was never given: %v", err)
	}
	if err := db.AddVisitor(ctx, people.Visitor{Conversation: "web:1", Token: token}, now); err != nil {
		t.Fatal(err)
	}
	if err := db.NameVisitor(ctx, "web:1", "customer-7"); err != nil {
		t.Error(err)
	}
	if err := db.NameVisitor(ctx, "web:1", "customer-7"); err != nil {
		t.Errorf("the same name again: %v", err)
	}
	if err := db.NameVisitor(ctx, "web:1", "customer-8"); !fault.Is(err, fault.Conflict) {
		t.Errorf("another name: %v", err)
	}
	want := people.Visitor{Conversation: "web:1", Token: token, Subject: "customer-7"}
	if v, err := db.FindVisitor(ctx, token); err != nil || v != want {
		t.Errorf("found %+v, %v", v, err)
	}
	silent := people.Visitor{Conversation: "web:2", Token: sha256.Sum256([]byte("b")), Subject: "customer-9"}
	if err := db.AddVisitor(ctx, silent, now); err != nil {
		t.Fatal(err)
	}
	if err := db.VisitorSpoke(ctx, want, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	for id, c := range map[string]chat.Conversation{"of-1": "web:1", "of-2": "web:2"} {
		if err := db.AddFile(ctx, id, "web/"+id, c); err != nil {
			t.Fatal(err)
		}
		if err := db.FinishFile(ctx, id, 1, "k1", []byte("key"), []byte("head")); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := db.DropVisitors(ctx, now); n != 0 || err != nil {
		t.Errorf("dropped %d of those who came just now, %v", n, err)
	}
	if n, err := db.DropVisitors(ctx, now.Add(time.Second)); n != 1 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
	if _, c, err := db.FileOwner(ctx, "of-1"); err != nil || c != "web:1" {
		t.Errorf("a file of who spoke: %q, %v", c, err)
	}
	if _, _, err := db.FileOwner(ctx, "of-2"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file of who never spoke: %v", err)
	}
	if v, err := db.FindVisitor(ctx, token); err != nil || !v.Spoke {
		t.Errorf("who spoke: %+v, %v", v, err)
	}
	// His page stood open all the time.
	if err := db.VisitorSpoke(ctx, silent, now.Add(25*time.Hour)); err != nil {
		t.Error(err)
	}
	spoke := silent
	spoke.Spoke = true
	if v, err := db.FindVisitor(ctx, silent.Token); err != nil || v != spoke {
		t.Errorf("who spoke at last: %+v, %v", v, err)
	}
	if err := db.Erase(ctx, "web:1", 0, "staff:1", "asked for it"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.FindVisitor(ctx, token); !fault.Is(err, fault.NotFound) {
		t.Errorf("after an erasure: %v", err)
	}
}
