// Ways to answer that are more than a line of text: a date, one's own phone
// number, a place, a file. Loaded when the first such question comes.

import css from "./forms.css";
import type { Draft } from "./conversation";
import { adopt, drawing, el } from "./lent";
import type { Expected } from "./protocol";
import { forms as en } from "./text.en.json";
import { forms as ru } from "./text.ru.json";
import type { Words } from "./words";

const WORDS = { ru, en };
type Key = keyof typeof ru;

export interface Answering {
  words: Words;
  say(draft: Draft, text: string): void;
  pick(camera: boolean): void;
  toast(text: string): void;
}

/** Gives the widget this module's styles; called once. */
export const dress = (root: ShadowRoot): void => adopt(root, css);

/** The form for a kind of answer, or nothing where a line of text is right. */
export function form(kind: Expected, acts: Answering): HTMLElement | undefined {
  const say = acts.words.of(WORDS);
  const field = (label: Key, type: string, fill: string, answer: (value: string) => void) => {
    const input = el("input", { type, autocomplete: fill, required: true });
    return el("form", { class: "ask", submit: (event: Event) => {
      event.preventDefault();
      if (input.value.trim()) answer(input.value.trim());
    } }, el("label", {}, say(label), input), el("button", { class: "act" }, acts.words.say("send")));
  };
  const act = (label: Key, path: string, press: () => void) =>
    el("button", { type: "button", class: "act", click: press }, drawing(path), say(label));

  switch (kind) {
    case "date":
      return field("askDate", "date", "off", (value) => {
        const text = value.split("-").reverse().join(".");
        acts.say({ t: "say", text }, text);
      });
    case "contact":
      return field("askContact", "tel", "tel", (phone) => acts.say({ t: "phone", phone }, phone));
    case "location":
      return el("div", { class: "ask" }, el("p", {}, say("askPlace")),
        act("sharePlace", "M12 21s7-6 7-11.5A7 7 0 0 0 5 9.5C5 15 12 21 12 21zM12 12a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5z", () => share(acts)));
    case "file":
      return el("div", { class: "ask" }, el("p", {}, say("askFile")),
        matchMedia("(pointer: coarse)").matches &&
          act("camera", "M4 8h4l2-3h4l2 3h4v11H4zM12 16a3 3 0 1 1 0-6 3 3 0 0 1 0 6z", () => acts.pick(true)),
        act("choose", "M6 3h8l5 5v13H6zM14 3v5h5", () => acts.pick(false)));
    default:
      return undefined;
  }
}

function share(acts: Answering): void {
  const failed = () => acts.toast(acts.words.of(WORDS)("placeFailed"));
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude } }) => acts.say({ t: "place", latitude, longitude }, acts.words.say("place")),
    failed, { timeout: 15_000, maximumAge: 60_000 });
}
