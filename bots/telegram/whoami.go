package telegram

import (
	"context"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Whoami asks Telegram for the bot's username. The error never holds the token.
func (b *Bot) Whoami(ctx context.Context) (string, error) {
	var me tgbotapi.User
	if failed := b.ask(ctx, b.pace.call, "getMe", nil, &me); failed != nil {
		return "", failed
	}
	return me.UserName, nil
}
