package demobank

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

// notice is what the bank sends of a change.
type notice struct {
	ID     string        `json:"id"`
	Number string        `json:"order"`
	State  State         `json:"state"`
	Sum    money.Kopecks `json:"kopecks"`
	At     time.Time     `json:"at"`
}

const (
	notifyTimeout = 5 * time.Second
	// notifyTries is how often a notification is sent that nobody takes: with the
	// pauses between them, for some fifteen seconds.
	notifyTries = 5
)

// Sending is a notification as it goes over the wire.
type Sending struct {
	Header http.Header
	Body   []byte
}

// Sign makes a sending of a body under a secret, as of an instant. It does the
// sum anew instead of asking the adapter, so that the two are held to the same
// protocol.
func Sign(secret string, at time.Time, body []byte) Sending {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(append([]byte(stamp+"."), body...))
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("Payment-Timestamp", stamp)
	h.Set("Payment-Signature", hex.EncodeToString(mac.Sum(nil)))
	return Sending{h, body}
}

// Sending returns the newest notification of an order, signed now; false if there
// is none.
func (b *Bank) Sending(number string) (Sending, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(number)
	if o == nil || o.notice == nil {
		return Sending{}, false
	}
	body, err := json.Marshal(o.notice)
	return Sign(Secret, b.cfg.Now(), body), err == nil
}

// Mute keeps the bank from notifying, as if its lines were down.
func (b *Bank) Mute(mute bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mute = mute
}

// Again sends the newest notification of an order once more. The error is
// NotFound if there is none.
func (b *Bank) Again(number string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.find(number)
	if o == nil || o.notice == nil {
		return fault.New(fault.NotFound, "no notification")
	}
	b.notify(o)
	return nil
}

// notify sends the newest notification of an order, beside everything else.
func (b *Bank) notify(o *Order) {
	if b.cfg.Notify == nil || b.mute {
		return
	}
	sent := *o.notice
	b.posts.Add(1)
	go func() {
		defer b.posts.Done()
		for try := range notifyTries {
			taken := b.post(sent)
			b.mu.Lock()
			if o := b.find(sent.Number); o != nil {
				o.Told, o.Heard = o.Told+1, taken
			}
			gone := b.mute
			b.mu.Unlock()
			if taken || gone {
				return
			}
			select {
			case <-time.After(time.Second << try / 2):
			case <-b.live.Done():
				return
			}
		}
	}()
}

func (b *Bank) post(n notice) bool {
	to := b.cfg.Notify()
	body, err := json.Marshal(n)
	if to == "" || err != nil {
		return false
	}
	r, err := http.NewRequestWithContext(b.live, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header = Sign(Secret, b.cfg.Now(), body).Header
	answer, err := b.client.Do(r)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}
