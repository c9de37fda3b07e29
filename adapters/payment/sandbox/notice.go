package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/core/privacy"
)

// The headers of a notification.
const (
	Timestamp = "Payment-Timestamp"
	Signature = "Payment-Signature"
)

const (
	// Window is how far the time of a notification may be off our clock.
	Window = 5 * time.Minute
	// mostNotice is the largest notification that is looked at.
	mostNotice = 16 << 10
	// longestID is that of a notification's ID.
	longestID = 64
)

// What is wrong with a notification; each is Denied, and says nothing of it.
var (
	errForged = fault.New(fault.Denied, "the notification is not signed by the payment provider")
	errStale  = fault.New(fault.Denied, "the notification is not of now")
)

// sign makes the signature of a notification with its timestamp.
func sign(secret privacy.Secret, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(timestamp))
	mac.Write([]byte{'.'})
	mac.Write(body)
	return mac.Sum(nil)
}

// Read implements payment.Provider.
func (g *Gateway) Read(header func(string) string, body []byte, now time.Time) (payment.Notice, error) {
	var none payment.Notice
	timestamp := header(Timestamp)
	shown, err := hex.DecodeString(header(Signature))
	if err != nil || len(body) > mostNotice || g.cfg.Secret.IsZero() || !hmac.Equal(shown, sign(g.cfg.Secret, timestamp, body)) {
		return none, errForged
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return none, errStale
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > Window || off < -Window {
		return none, errStale
	}
	var sent struct {
		ID string `json:"id"`
		order
	}
	if json.Unmarshal(body, &sent) != nil {
		return none, fault.New(fault.Invalid, "the notification cannot be read")
	}
	if sent.ID == "" || len(sent.ID) > longestID || strings.ContainsFunc(sent.ID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return none, fault.New(fault.Invalid, "the notification has no ID of its own")
	}
	report, err := sent.report()
	if err != nil {
		return none, err
	}
	return payment.Notice{ID: sent.ID, Report: report}, nil
}
