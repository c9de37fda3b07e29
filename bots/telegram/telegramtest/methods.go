package telegramtest

import "strings"

// method is one method of the Bot API: it appends its result, or refuses.
type method struct {
	name string
	do   func(s *Server, a *args, out []byte) ([]byte, *refusal)
}

// methods is the whole of the API that is emulated. Names are looked up
// without regard to case, as Telegram does.
var methods = map[string]method{}

func init() {
	for _, m := range []method{
		{"getMe", getMe},
		{"getUpdates", getUpdates},
		{"setWebhook", setWebhook},
		{"deleteWebhook", deleteWebhook},
		{"getWebhookInfo", getWebhookInfo},
		{"sendMessage", sendMessage},
		{"sendPhoto", sendPhoto},
		{"sendDocument", sendDocument},
		{"sendChatAction", sendChatAction},
		{"editMessageText", editMessageText},
		{"editMessageCaption", editMessageCaption},
		{"editMessageReplyMarkup", editMessageReplyMarkup},
		{"deleteMessage", deleteMessage},
		{"answerCallbackQuery", answerCallbackQuery},
		{"getFile", getFile},
		{"setMyCommands", setMyCommands},
		{"getMyCommands", getMyCommands},
		{"deleteMyCommands", deleteMyCommands},
	} {
		methods[m.name] = m
		methods[strings.ToLower(m.name)] = m
	}
}

func findMethod(name string) (method, bool) {
	if m, ok := methods[name]; ok {
		return m, true
	}
	m, ok := methods[strings.ToLower(name)]
	return m, ok
}

func getMe(s *Server, _ *args, out []byte) ([]byte, *refusal) {
	out = append(out, s.me[:len(s.me)-1]...)
	return append(out, `,"can_join_groups":false,"can_read_all_group_messages":false,"supports_inline_queries":false}`...), nil
}
