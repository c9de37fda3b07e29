// Keys. They go by their place on the keyboard, not by their letter: staff
// type Russian, and T is where Е is.

export type Command = "next" | "previous" | "take" | "reply" | "note" | "return" | "close" | "card" | "help" | "leave";

/** Every key with its commands, in the order of the help sheet. */
export const keys: [code: string, label: string, command: Command][] = [
  ["KeyJ", "J", "next"], ["KeyK", "K", "previous"], ["KeyT", "T", "take"],
  ["KeyR", "R", "reply"], ["KeyN", "N", "note"], ["KeyB", "B", "return"], ["KeyX", "X", "close"],
  ["KeyI", "I", "card"], ["", "?", "help"], ["Escape", "Esc", "leave"],
];

export interface Press { code: string; key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }

/** What a key means; typing: it was pressed in a field, where letters are letters. */
export function command(press: Press, typing: boolean, letters: boolean): Command | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  if (press.code === "Escape") return "leave";
  if (typing || !letters) return undefined;
  if (press.key === "?" || (press.code === "Slash" && press.shiftKey)) return "help";
  return press.shiftKey ? undefined : keys.find(([code]) => code === press.code)?.[2];
}

/** What Enter does in the composer. Shift+Enter is a new line for everybody. */
export function enter(press: Press, setting: "send" | "break"): "send" | "break" | undefined {
  if (press.key !== "Enter" || press.altKey) return undefined;
  if (press.shiftKey) return "break";
  const control = press.ctrlKey || press.metaKey;
  return control === (setting === "break") ? "send" : "break";
}
