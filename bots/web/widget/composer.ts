// The line where the customer writes: text that grows, a paper clip, and a
// keyboard that fits what is asked.

import type { Tray } from "./files";
import { drawing, el } from "./dom";
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

type Kind = { mode: string; hint: Key; fill?: string };
const KINDS: Partial<Record<Expected, Kind>> = {
  number: { mode: "numeric", hint: "fieldNumber" },
  phone: { mode: "tel", hint: "fieldPhone", fill: "tel" },
  contact: { mode: "tel", hint: "fieldPhone", fill: "tel" },
  email: { mode: "email", hint: "fieldEmail", fill: "email" },
  date: { mode: "numeric", hint: "fieldDate" },
};

export class Composer {
  readonly node: HTMLFormElement;
  readonly #field: HTMLTextAreaElement;
  readonly #picker: HTMLInputElement;
  readonly #camera: HTMLInputElement;
  readonly #limit = el("div", { class: "limit", role: "status" });
  readonly #button: HTMLButtonElement;
  #tray: Tray | undefined;
  #busy = false;

  constructor(private readonly acts: Writing) {
    const say = acts.words.say.bind(acts.words);
    const pick = (event: Event) => {
      const input = event.target as HTMLInputElement;
      if (input.files?.length) void this.attach([...input.files]);
      input.value = "";
    };
    this.#picker = el("input", { type: "file", multiple: true, hidden: true, change: pick });
    this.#camera = el("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, change: pick });
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
        if (!files.length) return;
        event.preventDefault();
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
        }, drawing("M20 11.500l-8.500 8.500a5.500 5.500 0 0 1-8-8L12 3.500a3.700 3.700 0 0 1 5.500 5.500L9 17.500a1.900 1.900 0 0 1-2.700-2.700L14 7")),
        this.#field, this.#button),
      this.#picker, this.#camera);
  }

  focus(): void { this.#field.focus({ preventScroll: true }); }

  /** Opens the system's choice of files, or its camera; only within a gesture. */
  pick(camera = false): void { (camera ? this.#camera : this.#picker).click(); }

  expect(kind: Expected): void {
    const { mode = "text", hint = "field", fill = "off" } = KINDS[kind] ?? {};
    this.#field.inputMode = mode;
    this.#field.placeholder = this.acts.words.say(this.#tray?.count ? "caption" : hint);
    this.#field.setAttribute("autocomplete", fill);
  }

  async attach(files: File[]): Promise<void> {
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
