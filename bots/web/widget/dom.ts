// Building elements without markup: nothing is ever parsed as HTML, so
// nothing that anybody wrote can become any, and Trusted Types have no work.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/** Makes an element: functions listen, the rest are attributes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Props = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, value as string);
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

/** Makes a drawing of strokes in a field of 24 × 24; `filled` paths are areas. */
export function drawing(path: string, filled = ""): SVGSVGElement {
  const make = (tag: string) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = make("svg") as SVGSVGElement;
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [d, name] of [[filled, "lit"], [path, "line"]]) {
    if (!d) continue;
    const shape = make("path");
    shape.setAttribute("d", d);
    shape.setAttribute("class", name as string);
    svg.append(shape);
  }
  return svg;
}

/** The sign: a service window with the light on. */
export const sign = (): SVGSVGElement =>
  drawing("M4 10a8 7 0 0 1 16 0v10H4zM12 3v17M4 12h16M2.5 20h19", "M4 12h8v8H4z");

/** Gives a shadow root its sheets: by objects, which no content policy
 * forbids; browsers of before 2023 get an element. */
export function adopt(root: ShadowRoot, ...sheets: string[]): void {
  try {
    const made = sheets.map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...made];
  } catch {
    root.append(el("style", {}, sheets.join("")));
  }
}
