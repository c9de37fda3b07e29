package telegramtest

import "strconv"

// refusal is an unsuccessful answer of the Bot API.
type refusal struct {
	code       int
	text       string
	retryAfter int // seconds, with 429
}

// Error lets a refusal travel as an error to the in-process side.
func (r *refusal) Error() string { return strconv.Itoa(r.code) + " " + r.text }

// badRequest is the refusal of a call whose arguments are wrong.
func badRequest(text string) *refusal { return &refusal{code: 400, text: "Bad Request: " + text} }

// The refusals that more than one method gives, in Telegram's words.
var (
	errNotFound     = &refusal{code: 404, text: "Not Found"}
	errUnauthorized = &refusal{code: 401, text: "Unauthorized"}
	errBlocked      = &refusal{code: 403, text: "Forbidden: bot was blocked by the user"}
	errDeactivated  = &refusal{code: 403, text: "Forbidden: user is deactivated"}
	errTooLarge     = &refusal{code: 413, text: "Request Entity Too Large"}
	errNoChat       = badRequest("chat not found")
	errChatEmpty    = badRequest("chat_id is empty")
	errQueryOld     = badRequest("query is too old and response timeout expired or query ID is invalid")
	errNotModified  = badRequest("message is not modified: specified new message content and reply markup are " +
		"exactly the same as a current content and reply markup of the message")
)

// append writes the refusal as Telegram's JSON.
func (r *refusal) append(b []byte) []byte {
	b = append(b, `{"ok":false,"error_code":`...)
	b = strconv.AppendInt(b, int64(r.code), 10)
	b = append(b, `,"description":`...)
	b = appendString(b, r.text)
	if r.retryAfter > 0 {
		b = append(b, `,"parameters":{"retry_after":`...)
		b = strconv.AppendInt(b, int64(r.retryAfter), 10)
		b = append(b, '}')
	}
	return append(b, '}')
}
