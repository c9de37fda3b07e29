// The one script of a page: a button, the API, and nothing else until
// somebody opens the chat. A returning customer's chat is loaded when the page
// has come to rest, since an answer may be waiting.

import tokens from "../ui/tokens.css?of=launcher.css";
import css from "./launcher.css";
import type { Chat, Host } from "./chat";
import type { Catalogue } from "./words";
import { adopt, drawing, el, sign } from "./dom";
import { readSettings, toLanguage } from "./settings";
import { launcher as ru } from "./text.ru.json";
import { launcher as en } from "./text.en.json";

const words = { ru, en };

/** What the chat and its panels need not bring again; lent.ts is where they find it. */
const lent = { adopt, drawing, el, sign };
export type Lent = typeof lent;

const settings = readSettings(document.currentScript as HTMLScriptElement | null);
const night = matchMedia("(prefers-color-scheme: dark)");

class Okoshko extends HTMLElement implements Host {
  static get lent(): Lent { return lent; }
  /** A page may change the language by the element's own attribute, too. */
  static get observedAttributes(): string[] { return ["lang"]; }

  readonly settings = settings;
  readonly root = this.attachShadow({ mode: "open" });
  readonly key = "okoshko:" + new URL(settings.server).host;

  readonly #text = el("span", { class: "label", role: "status" });
  readonly #badge = el("span", { class: "badge" });
  readonly #button = el("button", {
    class: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog", click: () => this.toggle(),
  }, sign(), this.#text, this.#badge);
  #chat: Promise<Chat> | undefined;
  #tries = 0;
  #isOpen = false;
  #news = ""; // what the button's name says of them

  constructor() {
    super();
    adopt(this.root, tokens, css);
    this.root.append(this.#button);
    const { position, offset = "" } = settings.data;
    const [x = 20, y = x] = offset.match(/\d+/g) ?? [];
    const side = this.dataset.position = position === "left" ? position : "right";
    this.style.cssText = `--x:${x}px;--y:${y}px;${side}:calc(${x}px + env(safe-area-inset-${side},0px))`;
    const paint = night.onchange = () => { this.dataset.scheme = settings.data.theme || (night.matches ? "dark" : "light"); };
    paint();
    this.#name();
    const { accent } = settings.data;
    if (accent) void this.#fetch<typeof import("./shades")>("shades").then(({ shade }) => shade(this, accent), () => {});
  }

  connectedCallback(): void {
    try {
      if (localStorage.getItem(this.key)) setTimeout(() => this.load().catch(() => {}), 1500);
    } catch { /* a page without storage has no returning customers */ }
  }

  attributeChangedCallback(): void {
    if (this.lang !== settings.language) void this.speak(this.lang);
  }

  async toggle(open = !this.#isOpen): Promise<void> {
    if (open === this.#isOpen) return;
    this.#isOpen = open;
    this.#button.toggleAttribute("aria-busy", open);
    try {
      const chat = await this.load();
      if (this.#isOpen !== open) return;
      this.toggleAttribute("open", open);
      if (open) chat.show();
      else {
        chat.hide();
        this.#button.focus({ preventScroll: true });
      }
      this.tell(open ? "open" : "close");
    } catch {
      this.#isOpen = false;
      this.#name(words[settings.language].unavailable);
      this.#button.classList.add("failed");
    }
    this.#button.removeAttribute("aria-busy");
    this.#button.setAttribute("aria-expanded", String(this.#isOpen));
  }

  /** Loads the chat once; a failed load may be tried again. */
  load(): Promise<Chat> {
    return this.#chat ??= Promise.all([this.#fetch<typeof import("./chat")>("chat"), this.#catalogue()])
      .then(([module, catalogue]) => {
        this.#button.classList.remove("failed");
        this.#name();
        return module.start(this, catalogue);
      })
      .catch((error: unknown) => {
        this.#chat = undefined;
        this.#tries++;
        throw error;
      });
  }

  #catalogue(): Promise<Catalogue> {
    return this.#fetch<{ default: Catalogue }>(settings.language).then((module) => module.default);
  }

  // Browsers remember a module that failed; another address is another module.
  #fetch<T>(module: string): Promise<T> {
    return import(settings.server + HOME + module + ".js" + (this.#tries ? "?" + this.#tries : "")) as Promise<T>;
  }

  count(unread: number, name: string): void {
    const shown = unread ? unread + "" : "";
    this.#news = name;
    this.#name();
    if (this.#badge.textContent === shown) return;
    this.#badge.textContent = shown;
    this.tell("unread", { count: unread });
  }

  tell(event: string, detail = {}): void {
    this.dispatchEvent(new CustomEvent("okoshko:" + event, { bubbles: true, detail }));
  }

  async speak(language: string): Promise<void> {
    settings.language = toLanguage(language);
    this.#name();
    if (this.#chat) (await this.#chat).speak(await this.#catalogue());
  }

  #name(label = settings.data.label || words[settings.language].label): void {
    this.lang = settings.language;
    this.#text.textContent = label;
    // The name begins with the visible label, for those who speak to their device.
    this.#button.setAttribute("aria-label", label + this.#news);
  }
}

interface Api {
  (...call: unknown[]): void;
  q?: Iterable<unknown>[];
}

function serve(widget: Okoshko): Api {
  const commands: Record<string, (a: never, b: never) => unknown> = {
    open: () => widget.toggle(true),
    close: () => widget.toggle(false),
    toggle: () => widget.toggle(),
    identify: async (jwt: string) => (await widget.load()).identify(jwt),
    language: (language: string) => widget.speak(language),
    send: async (text: string) => (await widget.load()).send(text),
    on: (event: string, listener: EventListener) => widget.addEventListener("okoshko:" + event, listener),
    off: (event: string, listener: EventListener) => widget.removeEventListener("okoshko:" + event, listener),
  };
  return async (name, a, b) => {
    try {
      await commands[name as string]!(a as never, b as never);
    } catch (error) {
      console.warn("okoshko", name, error);
    }
  };
}

function begin(): void {
  const page = window as typeof window & { okoshko?: Api };
  const widget = new Okoshko();
  const early = page.okoshko?.q ?? [];
  const api = page.okoshko = serve(widget);
  document.body.append(widget);
  if (/^#okoshko(=|$)/.test(location.hash)) void widget.toggle(true); // with a ticket or without: see chat.ts
  for (const call of early) api(...call);
}

if (!customElements.get("okoshko-chat")) {
  customElements.define("okoshko-chat", Okoshko);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}
