// The line where the customer writes: text that grows, a paper clip, and a
// keyboard that fits what is asked.

import type { Tray } from "./files";
import { drawing, el } from "./lent";
import type { Expected } from "./protocol";
import type { Key, Words } from "./words";

export interface Writing {
  words: Words;
  limit(): number;
  say(text: string): void;
  files(ids: string[], text: string, names: string): void;
  typing(): void;
  tray(): Promise<Tray>;
}

/** The keyboard that fits an answer, and what the empty field says. */
const KINDS: Partial<Record<Expected, [mode: string, hint: Key]>> = {
  number: ["numeric", "fieldNumber"],
  phone: ["tel", "fieldPhone"],
  contact: ["tel", "fieldPhone"],
  email: ["email", "fieldEmail"],
  date: ["numeric", "fieldDate"],
};

export class Composer {
  readonly node: HTMLFormElement;
  readonly #field: HTMLTextAreaElement;
  readonly #picker: HTMLInputElement;
  readonly #limit = el("div", { class: "limit", role: "status" });
  readonly #button: HTMLButtonElement;
  #tray: Tray | undefined;
  #busy = false;

  constructor(private readonly acts: Writing) {
    const say = acts.words.say;
    this.#picker = el("input", { type: "file", multiple: true, hidden: true, change: () => {
      void this.attach([...this.#picker.files ?? []]);
      this.#picker.value = "";
    } });
    this.#field = el("textarea", {
      rows: 1, enterkeyhint: "send", autocomplete: "off", "aria-label": say("field"), placeholder: say("field"),
      input: () => this.#changed(),
      keydown: (event: KeyboardEvent) => {
        // Enter ends a word while an input method is composing it.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        void this.#submit();
      },
      paste: (event: ClipboardEvent) => {
        const files = [...event.clipboardData?.files ?? []];
        if (files.length) event.preventDefault();
        void this.attach(files);
      },
    });
    this.#button = el("button", { class: "send idle", "aria-label": say("send") }, drawing("M12 19V5M6 11l6-6 6 6"));
    this.node = el("form", { class: "composer", novalidate: true, submit: (event: Event) => {
      event.preventDefault();
      void this.#submit();
    } },
      this.#limit,
      el("div", { class: "line-in" },
        el("button", {
          type: "button", class: "icon", "aria-label": say("attach"), click: () => this.pick(),
        }, drawing("M20 11.5l-8.5 8.5a5.5 5.5 0 0 1-8-8L12 3.5a3.7 3.7 0 0 1 5.5 5.5L9 17.5a1.9 1.9 0 0 1-2.7-2.7L14 7")),
        this.#field, this.#button),
      this.#picker);
  }

  focus(): void { this.#field.focus({ preventScroll: true }); }

  /** Opens the system's choice of files, or its camera; only within a gesture. */
  pick(camera = false): void {
    this.#picker.toggleAttribute("capture", camera);
    this.#picker.accept = camera ? "image/*" : "";
    this.#picker.click();
  }

  expect(kind: Expected): void {
    const [mode, hint] = KINDS[kind] ?? ["text", "field"];
    this.#field.inputMode = mode;
    this.#field.placeholder = this.acts.words.say(this.#tray?.count ? "caption" : hint);
    this.#field.setAttribute("autocomplete", /tel|email/.test(mode) ? mode : "off");
  }

  async attach(files: File[]): Promise<void> {
    if (!files.length) return;
    if (!this.#tray) {
      this.#tray = await this.acts.tray();
      this.node.prepend(this.#tray.node);
      this.#tray.changed = () => this.#changed();
    }
    this.#tray.add(files);
    this.#field.placeholder = this.acts.words.say("caption");
    this.focus();
  }

  async #submit(): Promise<void> {
    const text = this.#field.value.trim();
    if (this.#busy || text.length > this.acts.limit()) return;
    if (this.#tray?.count) {
      this.#busy = true;
      this.#button.setAttribute("aria-busy", "true");
      const uploaded = await this.#tray.uploaded();
      this.#busy = false;
      this.#button.removeAttribute("aria-busy");
      if (!uploaded) return;
      this.acts.files(uploaded.ids, text, uploaded.names);
      this.#tray.clear();
    } else if (text) this.acts.say(text);
    else return;
    this.#field.value = "";
    this.#changed();
    this.focus();
  }

  #changed(): void {
    const field = this.#field;
    const length = field.value.trim().length, max = this.acts.limit();
    if (length && field === (field.getRootNode() as ShadowRoot).activeElement) this.acts.typing();
    this.#limit.textContent = length > max ? this.acts.words.say("tooLong", { n: length, max }) : "";
    this.#button.classList.toggle("idle", !length && !this.#tray?.count);
    field.style.height = "auto";
    field.style.height = Math.min(field.scrollHeight + 2, 132) + "px";
  }
}
