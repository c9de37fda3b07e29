// The one script of a page: a button, the API, and nothing else until
// somebody opens the chat. A returning customer's chat is loaded when the page
// has come to rest, since an answer may be waiting.

import tokens from "../ui/tokens.css";
import css from "./launcher.css";
import { setAccent } from "./accent";
import type { Chat, Host } from "./chat";
import { adopt, el, sign } from "./dom";
import { readSettings, toLanguage } from "./settings";
import { label as ruLabel, open as ruOpen, unread as ruUnread, unavailable as ruUnavailable } from "./text.ru.json";
import { label as enLabel, open as enOpen, unread as enUnread, unavailable as enUnavailable } from "./text.en.json";

const words = {
  ru: { label: ruLabel, open: ruOpen, unread: ruUnread, unavailable: ruUnavailable },
  en: { label: enLabel, open: enOpen, unread: enUnread, unavailable: enUnavailable },
};

const settings = readSettings(
  (document.currentScript ?? document.querySelector("script[src*='/widget.js']")) as HTMLScriptElement | null,
);
const night = matchMedia("(prefers-color-scheme: dark)");

class Okoshko extends HTMLElement implements Host {
  readonly settings = settings;
  readonly root = this.attachShadow({ mode: "open" });
  readonly key = "okoshko:" + new URL(settings.server).host;

  private readonly text = el("span", { class: "label" });
  private readonly badge = el("span", { class: "badge", hidden: true });
  private readonly hint = el("div", { class: "hint", role: "status" });
  private readonly button = el("button", {
    class: "launcher", type: "button", part: "launcher", "aria-expanded": "false",
    click: () => this.toggle(true),
  }, sign(), this.text, this.badge);
  private chat: Promise<Chat> | undefined;
  private tries = 0;
  private isOpen = false;
  private unread = 0;

  constructor() {
    super();
    adopt(this.root, tokens, css);
    this.root.append(this.button, this.hint);
    this.dataset.position = settings.position;
    this.style.setProperty("--x", settings.offset[0] + "px");
    this.style.setProperty("--y", settings.offset[1] + "px");
    night.addEventListener("change", () => this.paint());
    this.paint();
    this.name();
  }

  connectedCallback(): void {
    try {
      if (localStorage.getItem(this.key)) setTimeout(() => this.load().catch(() => {}), 1500);
    } catch { /* a page without storage has no returning customers */ }
  }

  /** Opens or closes the chat; `byHand` when a person did it, who then is shown why it fails. */
  async toggle(byHand = false, open = !this.isOpen): Promise<void> {
    if (open === this.isOpen) return;
    this.isOpen = open;
    this.button.ariaExpanded = String(open);
    try {
      if (open) this.button.setAttribute("aria-busy", "true");
      const chat = await this.load();
      if (this.isOpen !== open) return;
      this.toggleAttribute("open", open);
      if (open) chat.show();
      else chat.hide();
      if (!open) this.button.focus({ preventScroll: true });
      this.tell(open ? "open" : "close");
    } catch {
      this.isOpen = false;
      this.button.ariaExpanded = "false";
      if (byHand) this.hint.textContent = words[settings.language].unavailable;
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  /** Loads the chat once; a failed load may be tried again. */
  load(): Promise<Chat> {
    return this.chat ??= import(settings.server + CHAT + (this.tries ? "?" + this.tries : ""))
      .then((module: typeof import("./chat")) => {
        this.hint.textContent = "";
        return module.start(this);
      })
      .catch((error: unknown) => {
        this.chat = undefined;
        this.tries++;
        throw error;
      });
  }

  close(): void {
    void this.toggle(false, false);
  }

  count(unread: number): void {
    if (unread === this.unread) return;
    this.unread = unread;
    this.name();
    this.tell("unread", { count: unread });
  }

  tell(event: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent("okoshko:" + event, { bubbles: true, composed: true, detail }));
  }

  speak(language: string): void {
    settings.language = toLanguage(language);
    this.name();
  }

  private name(): void {
    const say = words[settings.language];
    this.lang = settings.language;
    this.text.textContent = settings.label || say.label;
    this.badge.textContent = this.unread > 99 ? "99+" : String(this.unread);
    this.badge.hidden = !this.unread;
    const count = this.unread ? ". " + say.unread.replace("{n}", String(this.unread)) : "";
    // The name begins with the visible label, for those who speak to their device.
    this.button.setAttribute("aria-label", this.text.textContent + ". " + say.open + count);
  }

  private paint(): void {
    const scheme = settings.theme || (night.matches ? "dark" : "light");
    this.dataset.scheme = scheme;
    setAccent(this, settings.accent, scheme === "dark");
  }
}

type Listener = (detail: unknown) => void;

interface Api {
  (...call: unknown[]): void;
  q?: ArrayLike<unknown>[];
}

function serve(widget: Okoshko): Api {
  const listeners = new Map<string, Map<Listener, EventListener>>();
  const commands: Record<string, (a: never, b: never) => unknown> = {
    open: () => widget.toggle(false, true),
    close: () => widget.close(),
    toggle: () => widget.toggle(),
    identify: (jwt: string) => widget.load().then((chat) => chat.identify(jwt)),
    language: (language: string) => {
      widget.speak(language);
      return widget.hasAttribute("open") ? widget.load().then((chat) => chat.speak()) : undefined;
    },
    send: (text: string) => widget.load().then((chat) => chat.send(text)),
    on: (event: string, listener: Listener) => {
      const heard: EventListener = (e) => listener((e as CustomEvent).detail);
      const known = listeners.get(event) ?? new Map<Listener, EventListener>();
      listeners.set(event, known.set(listener, heard));
      widget.addEventListener("okoshko:" + event, heard);
    },
    off: (event: string, listener: Listener) => {
      const heard = listeners.get(event)?.get(listener);
      if (heard) widget.removeEventListener("okoshko:" + event, heard);
    },
  };
  return (name, ...rest) => {
    const command = commands[name as string];
    if (!command) return console.warn("okoshko: no command " + String(name));
    Promise.resolve(command(rest[0] as never, rest[1] as never))
      .catch((error: unknown) => console.warn("okoshko: " + String(name), error));
  };
}

function begin(): void {
  const widget = new Okoshko();
  const page = window as typeof window & { okoshko?: Api };
  const early = Array.from(page.okoshko?.q ?? []);
  const api = page.okoshko = serve(widget);
  document.body.append(widget);
  for (const call of early) api(...Array.from(call));
}

if (!customElements.get("okoshko-chat")) {
  customElements.define("okoshko-chat", Okoshko);
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
}
