// How one message looks: blocks of text, choices, files. Everything that
// anybody wrote is a text node; an address is a link only where the server
// says so and only with a scheme that cannot run.

import { el, drawing } from "./lent";
import type { Block, Choice, FileInfo, Position, Span } from "./protocol";
import type { Words } from "./words";
import { together } from "../ui/text";

export interface Acts {
  words: Words;
  press(choice: Choice, on: Position, byKey: boolean): void;
  copy(text: string): void;
  files(list: FileInfo[]): Node;
}

/** Numbers of receipts and cases, such as ПП-26-000-001-3, which people write
 * down, and phone numbers, which they call. */
const NUMBERS = /(\p{Lu}{1,4}-\d{2}(?:-\d{1,6}){1,4}|8 \d{3} \d{3}-\d\d-\d\d)/u;
const SAFE = /^(https?:|mailto:|tel:)/i;

export function blocks(list: Block[], acts: Acts): Node[] {
  const nodes: Node[] = [];
  let items: HTMLUListElement | undefined;
  for (const block of list) {
    const spans = block.s.flatMap((span) => inline(span, acts));
    if (block.k === 1) {
      if (!items) nodes.push(items = el("ul"));
      items.append(el("li", {}, ...spans));
    } else {
      items = undefined;
      nodes.push(el("p", {}, ...spans));
    }
  }
  return nodes;
}

/** A text as it was typed: line breaks are kept by the style sheet. */
export function plain(text: string): HTMLElement {
  return el("p", { class: "plain" }, text);
}

function inline(span: Span, acts: Acts): Node[] {
  if (span.l && SAFE.test(span.l)) {
    return [el("a", { href: span.l, target: "_blank", rel: "noopener noreferrer" }, span.t)];
  }
  const nodes = together(span.t).split(NUMBERS).filter(Boolean)
    .map((part) => NUMBERS.test(part) ? number(part, acts) : document.createTextNode(part));
  return span.b ? [el("strong", {}, ...nodes)] : nodes;
}

function number(text: string, acts: Acts): Node {
  if (text[0] === "8") return el("a", { class: "number", href: "tel:" + text.replace(/\D/g, "") }, text);
  return el("span", { class: "number" }, text, el("button", {
    type: "button", class: "copy", "aria-label": acts.words.say("copy", { number: text }),
    click: () => acts.copy(text),
  }, drawing("M9 9h11v11H9zM5 15H4V4h11v1")));
}

/** The choices of the message at a position. */
export function choices(list: Choice[], on: Position, acts: Acts): HTMLElement | undefined {
  if (!list.length) return undefined;
  return el("div", { class: "choices", role: "group" }, ...list.map((choice) => {
    const look = "choice" + (choice.w || choice.l.length > 32 ? " wide" : "");
    if (choice.u) {
      return SAFE.test(choice.u) && el("a", {
        class: look, href: choice.u, target: "_blank", rel: "noopener noreferrer",
      }, choice.l, drawing("M8 16 16 8M9.5 8H16v6.5"));
    }
    return el("button", {
      type: "button", class: look, click: (event: MouseEvent) => acts.press(choice, on, !event.detail),
      // An answer belongs to one asking, commands work at any time.
      ...(choice.t?.startsWith("a:") && { "data-answer": "" }),
    }, choice.l);
  }));
}
