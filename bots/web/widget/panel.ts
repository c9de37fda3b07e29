// The chat's window: a floating panel, or the whole screen where there is
// little; its title, its state, where the keyboard's focus goes.

import { drawing, el, sign } from "./lent";
import type { Words } from "./words";

/** Where the panel is a sheet over the whole screen; chat.css has the same line. */
const SHEET = "(max-width: 600px), (max-height: 480px)";

export class Panel {
  readonly node: HTMLElement;
  readonly banner = el("div", { class: "banner", role: "status" });
  readonly state = el("p", { class: "state" });
  readonly #notice = el("div", { class: "toast", role: "status" });
  readonly #sheet = matchMedia(SHEET);
  #timer = 0;
  #locked: string | undefined;

  constructor(
    private readonly root: ShadowRoot, words: Words, title: string,
    private readonly close: () => void, body: Node[],
  ) {
    const heading = el("h2", { id: "title" }, title || words.say("title"));
    this.node = el("section", {
      class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true,
      keydown: (event: KeyboardEvent) => this.#key(event),
    },
      el("div", { class: "head" },
        el("span", { class: "sign" }, sign()),
        el("div", { class: "heading" }, heading, this.state),
        el("button", { type: "button", class: "icon", "aria-label": words.say("close"), click: close }, drawing("M6 9l6 6 6-6"))),
      this.banner, ...body, this.#notice);
    const fit = this.#sheet.onchange = () => this.#fit();
    visualViewport?.addEventListener("resize", fit);
    visualViewport?.addEventListener("scroll", fit);
  }

  get isOpen(): boolean { return !this.node.hidden; }

  show(): void {
    this.node.hidden = false;
    this.#fit();
  }

  hide(): void {
    this.node.hidden = true;
    this.#fit();
  }

  toast(text: string): void {
    this.#notice.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#notice.textContent = ""; }, 4000);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      return this.close();
    }
    if (event.key !== "Tab" || !this.#sheet.matches) return;
    // A sheet covers the page: what lies under it is not to be reached.
    const stops = [...this.node.querySelectorAll<HTMLElement>("a, button, input, textarea, [tabindex='0']")]
      .filter((stop) => stop.offsetParent && !stop.matches(":disabled"));
    const at = this.root.activeElement;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey ? at === first || at === this.node : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  /** Keeps the sheet above the on-screen keyboard and the page behind it still. */
  #fit(): void {
    const covers = this.isOpen && this.#sheet.matches;
    this.node.setAttribute("aria-modal", String(covers));
    const page = document.documentElement.style;
    if (covers && this.#locked === undefined) {
      this.#locked = page.overflow;
      page.overflow = "hidden";
    } else if (!covers && this.#locked !== undefined) {
      page.overflow = this.#locked;
      this.#locked = undefined;
    }
    const view = visualViewport;
    // A pinched page has a small visual viewport too, and no keyboard.
    const keyboard = covers && view && view.scale < 1.05;
    this.node.style.height = keyboard ? view.height + "px" : "";
    this.node.style.top = keyboard ? view.offsetTop + "px" : "";
  }
}
