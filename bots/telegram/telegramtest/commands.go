package telegramtest

import (
	"encoding/json"
	"regexp"
	"unicode/utf8"
)

// Limits of the command menu (core.telegram.org/bots/api#botcommand).
const (
	maxCommands           = 100
	maxCommandDescription = 256
)

var (
	commandShape  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageShape = regexp.MustCompile(`^[a-z]{2}$`)
)

// Command is an entry of the command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// commandKey names one list: a scope, its chat, and a language or "".
type commandKey struct {
	scope    string
	chat     int64
	language string
}

func commandKeyOf(a *args) (commandKey, *refusal) {
	k := commandKey{scope: "default", language: a.get("language_code")}
	if k.language != "" && !languageShape.MatchString(k.language) {
		return k, badRequest("LANGUAGE_CODE_INVALID")
	}
	text := a.object("scope")
	if text == "" {
		return k, nil
	}
	var scope struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
	}
	if err := json.Unmarshal([]byte(text), &scope); err != nil {
		return k, badRequest("can't parse BotCommandScope: expected an Object")
	}
	switch k.scope = scope.Type; scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		return k, nil
	case "chat":
		k.chat, _ = scope.Chat.Int64()
		if k.chat == 0 {
			return k, badRequest("can't parse BotCommandScope: Field \"chat_id\" must be specified")
		}
		return k, nil
	}
	return k, badRequest("can't parse BotCommandScope: unsupported type specified")
}

func setMyCommands(s *Server, a *args, out []byte) ([]byte, *refusal) {
	k, r := commandKeyOf(a)
	if r != nil {
		return nil, r
	}
	var list []Command
	if err := json.Unmarshal([]byte(a.object("commands")), &list); err != nil {
		return nil, badRequest("can't parse commands: expected an Array of BotCommand")
	}
	if len(list) > maxCommands {
		return nil, badRequest("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range list {
		if !commandShape.MatchString(c.Command) {
			return nil, badRequest("BOT_COMMAND_INVALID")
		}
		if n := utf8.RuneCountInString(c.Description); n == 0 || n > maxCommandDescription {
			return nil, badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[k] = list
	s.announce()
	return append(out, "true"...), nil
}

func getMyCommands(s *Server, a *args, out []byte) ([]byte, *refusal) {
	k, r := commandKeyOf(a)
	if r != nil {
		return nil, r
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out = append(out, '[')
	for i, c := range s.commands[k] {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(append(out, `{"command":`...), c.Command)
		out = append(field(out, "description", c.Description), '}')
	}
	return append(out, ']'), nil
}

func deleteMyCommands(s *Server, a *args, out []byte) ([]byte, *refusal) {
	k, r := commandKeyOf(a)
	if r != nil {
		return nil, r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.commands, k)
	s.announce()
	return append(out, "true"...), nil
}

// commandsFor is the menu that a private chat shows: the first list that
// exists, from narrow to wide
// (core.telegram.org/bots/api#determining-list-of-commands).
func (s *Server) commandsFor(chat int64, language string) []Command {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, k := range []commandKey{{"chat", chat, ""}, {"all_private_chats", 0, ""}, {"default", 0, ""}} {
		narrow := k
		narrow.language = language
		for _, k := range []commandKey{narrow, k} {
			if list := s.commands[k]; len(list) > 0 {
				return list
			}
		}
	}
	return nil
}
