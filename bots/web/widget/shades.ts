// A page's own accent, made readable: text on it, a shade of it that reads as
// text, one to lie behind text. Loaded by pages that set one.

type Colour = [number, number, number];

/** From tokens.css: the ground that is nearest to the text on it, and the softest text. */
const GROUNDS: Record<string, Colour> = { light: [246, 242, 234], dark: [38, 44, 47] };
const SOFT: Record<string, Colour> = { light: [93, 100, 104], dark: [169, 173, 171] };
const WHITE: Colour = [255, 255, 255], BLACK: Colour = [0, 0, 0];
const AA = 4.6; // WCAG 2.2, 1.4.3 asks for 4.5; rounding to whole colours takes a little

/** Sets the tokens that follow from the accent, #rgb or #rrggbb, now and
 * whenever the scheme changes; any other text changes nothing. */
export function shade(element: HTMLElement, accent: string): void {
  const colour = parse(accent);
  if (!colour) return;
  setShades(element, colour);
  new MutationObserver(() => setShades(element, colour)).observe(element, { attributeFilter: ["data-scheme"] });
}

function setShades(element: HTMLElement, accent: Colour): void {
  const dark = element.dataset.scheme === "dark";
  const scheme = dark ? "dark" : "light";
  const ground = GROUNDS[scheme] as Colour, soft = SOFT[scheme] as Colour;
  let own = ground;
  for (let share = .14; share > 0; share -= .02) {
    own = mix(ground, accent, share);
    if (contrast(soft, own) >= AA) break;
  }
  let ink = accent;
  for (let i = 0; i < 40 && Math.min(contrast(ink, own), contrast(ink, ground)) < AA; i++) ink = mix(ink, dark ? WHITE : BLACK, .1);
  const set = (token: string, colour: Colour) =>
    element.style.setProperty("--ok-" + token, `rgb(${colour.map(Math.round).join()})`);
  set("accent", accent);
  set("on-accent", contrast(WHITE, accent) > contrast(BLACK, accent) ? WHITE : BLACK);
  set("accent-ink", ink);
  set("own", own);
}

function parse(text: string): Colour | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text)?.[1];
  if (!hex) return undefined;
  const n = parseInt(hex.length === 3 ? hex.replace(/./g, "$&$&") : hex, 16);
  return [n >> 16, n >> 8 & 255, n & 255];
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4;
  }) as Colour;
  return .2126 * r + .7152 * g + .0722 * b;
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return a.map((value, i) => value + ((b[i] ?? 0) - value) * share) as Colour;
}

function contrast(a: Colour, b: Colour): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
}
