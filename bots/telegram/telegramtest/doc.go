// Package telegramtest is a strict emulator of Telegram's Bot API, for tests,
// load, faults and the demo.
//
// One Server stands for Telegram as one bot sees it: it serves
// /bot<token>/<method> and /file/bot<token>/<path>, keeps the chats of any
// number of customers in memory, and hands the bot its updates by long
// polling or by webhook. What the real server refuses is refused here too, in
// its words (core.telegram.org/bots/api and the sources of
// tdlib/telegram-bot-api); where the real behaviour is not documented the
// stricter guess is taken, and the comment says so.
//
// The other side of the chats is in the same process: a Customer says,
// presses, sends files, and sees the chat as a person would. Faults are
// ordered by value (Fault, Delivery, Outage); nothing in here fails by
// chance.
//
// Where to read on: server.go (the HTTP side), methods.go (the table of
// methods), queue.go, webhook.go and polling.go (delivery), customer.go (the
// other side), faults.go, page.go (the phone in the browser).
package telegramtest
