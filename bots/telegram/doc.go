// Package telegram is the Telegram channel: updates in, messages out.
//
// In: an update comes by webhook (webhook.go) or by long polling (poll.go),
// is decoded (update.go, decode.go) and taken by the engine; it is confirmed
// only after that. What cannot be decoded goes to quarantine and is confirmed
// too, since Telegram would hold the chat for a day otherwise.
//
// Out: Send (send.go) writes a message in Telegram's terms (encode.go,
// markup.go, files.go) and says what became of it (errors.go). Calls that every
// turn makes go over fasthttp, the rare ones through the SDK (api.go).
//
// Nothing here waits for Telegram before it serves: setup.go tells Telegram
// about the bot in the background, status.go says how that goes. The token is
// in every address of the Bot API, so no error, log line or status holds an
// address.
package telegram
