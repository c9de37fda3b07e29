package customer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
)

const (
	known   = billing.AccountNumber("0145201372")
	other   = billing.AccountNumber("0203118468")
	unknown = billing.AccountNumber("0344172085")
	limit   = 5
)

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// office is a directory of two accounts and a count of tries, in memory. It
// notes what it is asked for and fails when told to.
type office struct {
	mu      sync.Mutex
	tries   map[string]map[string]time.Time
	calls   []string
	failing string // the call that fails
}

var errAway = errors.New("away")

func newOffice() *office { return &office{tries: map[string]map[string]time.Time{}} }

func (o *office) note(call string) error {
	o.calls = append(o.calls, call)
	if o.failing == call {
		return errAway
	}
	return nil
}

func (o *office) Account(_ context.Context, number billing.AccountNumber) (billing.Account, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.note("account"); err != nil {
		return billing.Account{}, false, err
	}
	serials := map[billing.AccountNumber]billing.MeterSerial{known: "011845093", other: "027710462"}
	serial, ok := serials[number]
	if !ok {
		return billing.Account{}, false, nil
	}
	return billing.Account{Number: number, House: "5", Flat: "12", Meters: []billing.Meter{{ID: 1, Serial: serial}}}, true, nil
}

func (o *office) Reserve(_ context.Context, subjects []string, event string, now time.Time, window time.Duration, most int) (counted []string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, subject := range subjects {
		allowed, err := o.reserve(subject, event, now, window, most)
		if err != nil {
			return nil, err
		}
		if allowed {
			counted = append(counted, subject)
		}
	}
	return counted, nil
}

func (o *office) reserve(subject, event string, now time.Time, window time.Duration, most int) (bool, error) {
	kind, _, _ := strings.Cut(subject, ":")
	if err := o.note("reserve " + kind); err != nil {
		return false, err
	}
	mine := o.tries[subject]
	if mine == nil {
		mine = map[string]time.Time{}
		o.tries[subject] = mine
	}
	count := 0
	for id, at := range mine {
		if id != event && now.Sub(at) < window {
			count++
		}
	}
	if count >= most {
		return false, nil
	}
	mine[event] = now
	return true, nil
}

func (o *office) Forgive(_ context.Context, subjects []string, event string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, subject := range subjects {
		kind, _, _ := strings.Cut(subject, ":")
		if err := o.note("forgive " + kind); err != nil {
			return err
		}
		delete(o.tries[subject], event)
	}
	return nil
}

// counted is how many tries stand against a subject.
func (o *office) counted(subject string) int { return len(o.tries[subject]) }

func claim(number billing.AccountNumber, proof, conversation, event string, at time.Time) customer.Claim {
	p, _ := billing.ParseProof(proof)
	return customer.Claim{Number: number, Proof: p, Conversation: chat.Conversation(conversation), Event: event, Now: at}
}

// A row is one try after another of the same story.
func TestCheck(t *testing.T) {
	t.Parallel()
	type try struct {
		number       billing.AccountNumber
		proof        string
		conversation string
		after        time.Duration
		want         customer.Verdict
	}
	wrong := func(n int, number billing.AccountNumber, conversation string) []try {
		var out []try
		for range n {
			out = append(out, try{number, "1111", conversation, 0, customer.Wrong})
		}
		return out
	}
	for name, story := range map[string][]try{
		"right at once, by meter":      {{known, "5093", "a", 0, customer.Proven}},
		"right at once, by place":      {{known, "5, 12", "a", 0, customer.Proven}},
		"of another account":           {{known, "0462", "a", 0, customer.Wrong}},
		"unknown":                      {{unknown, "5093", "a", 0, customer.Wrong}},
		"nothing typed":                {{known, "", "a", 0, customer.Wrong}},
		"the fifth may still be right": append(wrong(4, known, "a"), try{known, "5093", "a", 0, customer.Proven}),
		"five close the account for everybody": append(wrong(5, known, "a"),
			try{known, "5093", "a", 0, customer.Blocked}, try{known, "5093", "b", 0, customer.Blocked}),
		"five close the chat for every account": append(wrong(5, known, "a"),
			try{other, "0462", "a", 0, customer.Blocked}, try{other, "0462", "b", 0, customer.Proven}),
		"an unknown account closes too": append(wrong(5, unknown, "a"),
			try{unknown, "5093", "b", 0, customer.Blocked}),
		"spread over accounts, the chat counts": append(append(wrong(3, known, "a"), wrong(2, other, "a")...),
			try{unknown, "5093", "a", 0, customer.Blocked}),
		"spread over chats, the account counts": append(append(wrong(3, known, "a"), wrong(2, known, "b")...),
			try{known, "5093", "c", 0, customer.Blocked}),
		"still closed before the hour is over": append(wrong(5, known, "a"),
			try{known, "5093", "a", 59 * time.Minute, customer.Blocked}),
		"open again after the hour": append(wrong(5, known, "a"),
			try{known, "5093", "a", time.Hour, customer.Proven}),
		"right ones are not counted": {
			{known, "5093", "a", 0, customer.Proven},
			{known, "5093", "a", 0, customer.Proven},
			{known, "5093", "a", 0, customer.Proven},
			{known, "5093", "a", 0, customer.Proven},
			{known, "5093", "a", 0, customer.Proven},
			{known, "5093", "a", 0, customer.Proven},
		},
		"a right one does not wipe out wrong ones": append(append(wrong(4, known, "a"),
			try{known, "5093", "a", 0, customer.Proven}, try{known, "1111", "a", 0, customer.Wrong}),
			try{known, "5093", "a", 0, customer.Blocked}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice()
			guests := customer.NewGuests(o, o, customer.Limits{Tries: limit})
			for i, next := range story {
				c := claim(next.number, next.proof, next.conversation, fmt.Sprint("e", i), noon.Add(next.after))
				account, got, err := guests.Check(t.Context(), c)
				if err != nil || got != next.want {
					t.Fatalf("try %d: got %d, %v, want %d", i, got, err, next.want)
				}
				if (account.Number != "") != (got == customer.Proven) {
					t.Fatalf("try %d: verdict %d with account %s", i, got, account.Number)
				}
			}
		})
	}
}

// A turn may be taken again: the same event counts once.
func TestCheckTakenAgain(t *testing.T) {
	t.Parallel()
	o := newOffice()
	guests := customer.NewGuests(o, o, customer.Limits{Tries: limit})
	for range 20 {
		if _, got, err := guests.Check(t.Context(), claim(known, "1111", "a", "e1", noon)); got != customer.Wrong || err != nil {
			t.Fatalf("got %d, %v", got, err)
		}
	}
	if n := o.counted("chat:a"); n != 1 {
		t.Errorf("one event counts %d times", n)
	}
	if _, got, _ := guests.Check(t.Context(), claim(known, "5093", "a", "e2", noon)); got != customer.Proven {
		t.Errorf("got %d", got)
	}
}

// Guesses sent at once are counted before they are compared: of a hundred, the
// right one among them, at most five are looked at.
func TestGuessingInParallel(t *testing.T) {
	t.Parallel()
	o := newOffice()
	guests := customer.NewGuests(o, o, customer.Limits{Tries: limit})
	verdicts := make([]customer.Verdict, 100)
	var all sync.WaitGroup
	for i := range verdicts {
		all.Go(func() {
			proof, conversation := fmt.Sprintf("%04d", 1000+i), fmt.Sprint("c", i%50)
			_, verdicts[i], _ = guests.Check(t.Context(), claim(known, proof, conversation, fmt.Sprint("e", i), noon))
		})
	}
	all.Wait()
	looked := 0
	for _, v := range verdicts {
		if v != customer.Blocked {
			looked++
		}
	}
	if looked != limit {
		t.Errorf("%d guesses were looked at, want %d", looked, limit)
	}
	// Those that were turned away at the account are not held against their chats.
	counted := 0
	for i := range 50 {
		counted += o.counted(fmt.Sprint("chat:c", i))
	}
	if counted != limit {
		t.Errorf("%d tries stand against chats, want %d", counted, limit)
	}
}

// What is done for an unknown account is what is done for a wrong proof, so
// neither the answer nor the work tells them apart.
func TestEqualWork(t *testing.T) {
	t.Parallel()
	calls := func(number billing.AccountNumber) []string {
		o := newOffice()
		guests := customer.NewGuests(o, o, customer.Limits{Tries: limit})
		if _, got, err := guests.Check(t.Context(), claim(number, "1111", "a", "e", noon)); got != customer.Wrong || err != nil {
			t.Fatalf("got %d, %v", got, err)
		}
		return o.calls
	}
	if diff := cmp.Diff(calls(known), calls(unknown)); diff != "" {
		t.Errorf("known and unknown accounts are worked on differently (-known +unknown):\n%s", diff)
	}
}

// While a store is away nobody is proven, and the error says what failed.
func TestCheckWithoutStores(t *testing.T) {
	t.Parallel()
	for call, message := range map[string]string{
		"reserve account": "count try: away", "reserve chat": "count try: away",
		"account": "find account: away", "forgive account": "forgive try: away", "forgive chat": "forgive try: away",
	} {
		o := newOffice()
		o.failing = call
		account, got, err := customer.NewGuests(o, o, customer.Limits{Tries: limit}).Check(t.Context(), claim(known, "5093", "a", "e", noon))
		if !errors.Is(err, errAway) || err.Error() != message || got == customer.Proven || account.Number != "" {
			t.Errorf("%s fails: got %d, %v", call, got, err)
		}
	}
}

func TestClaimIsNotLogged(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	slog.New(slog.NewTextHandler(&out, nil)).Info("checked", "claim", claim(known, "5093", "tg:1", "e", noon))
	for _, secret := range []string{"1372", "5093"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q leaked: %s", secret, out.String())
		}
	}
}
