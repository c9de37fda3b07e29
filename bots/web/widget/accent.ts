// Makes a page's own accent readable: WCAG 2.2, 1.4.3 asks for 4.5:1.

type Colour = [number, number, number];

/** Sets the accent's tokens on the element; a colour that cannot be read
 * leaves the tokens as they are. */
export function setAccent(element: HTMLElement, accent: string, dark: boolean): void {
  const colour = parse(accent);
  if (!colour) return;
  const paper: Colour = dark ? [28, 33, 35] : [246, 242, 234]; // the ground that text in the accent lies on
  const towards: Colour = dark ? [255, 255, 255] : [0, 0, 0];
  const white = contrast(colour, [255, 255, 255]) >= contrast(colour, [0, 0, 0]);
  let ink = colour;
  for (let i = 0; i < 20 && contrast(ink, paper) < 4.6; i++) ink = mix(ink, towards, .1);
  const set = (name: string, value: Colour) =>
    element.style.setProperty("--ok-" + name, `rgb(${value.map(Math.round).join()})`);
  set("accent", colour);
  set("on-accent", white ? [255, 255, 255] : [0, 0, 0]);
  set("accent-ink", ink);
  set("own", mix(paper, colour, .16));
}

function parse(text: string): Colour | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text)?.[1];
  if (!hex) return undefined;
  const digits = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const part = (at: number) => parseInt(digits.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

function mix(a: Colour, b: Colour, share: number): Colour {
  const part = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * share;
  return [part(0), part(1), part(2)];
}

function contrast(a: Colour, b: Colour): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
}

function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((value) => {
    const c = value / 255;
    return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  }) as Colour;
  return .2126 * r + .7152 * g + .0722 * b;
}
