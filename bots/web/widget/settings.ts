// What the page that carries the widget can choose, by attributes of the
// script tag: <script async src="…/widget.js" data-language="ru" data-accent="#0a6">.

export type Language = "ru" | "en";

export interface Settings {
  /** Where the server is; by default where the script came from. */
  server: string;
  language: Language;
  /** "light" or "dark"; otherwise as the system says. */
  theme: string;
  /** Any CSS colour in hexadecimal. */
  accent: string;
  position: "left" | "right";
  /** Pixels from the side and from the bottom. */
  offset: [number, number];
  label: string;
  title: string;
  greeting: string;
  /** Things to ask with one press before the first message, split by "|". */
  starters: string[];
  /** Address of the page about personal data. */
  privacy: string;
  /** Whether the page's title counts unread messages. */
  marker: boolean;
}

export function readSettings(script: HTMLScriptElement | null): Settings {
  const data = script?.dataset ?? {};
  const offset = (data.offset ?? "").split(/[ ,]+/).map(Number);
  const server = new URL(data.server ?? ".", script?.src || location.href);
  return {
    server: server.href.replace(/\/$/, ""),
    language: toLanguage(data.language ?? (document.documentElement.lang || navigator.language)),
    theme: data.theme ?? "",
    accent: data.accent ?? "",
    position: data.position === "left" ? "left" : "right",
    offset: [offset[0] || 20, offset[1] || 20],
    label: data.label ?? "",
    title: data.title ?? "",
    greeting: data.greeting ?? "",
    starters: data.starters?.split("|") ?? [],
    privacy: data.privacy ?? "",
    marker: "marker" in data,
  };
}

/** Whatever is not English is answered in Russian, as on the server. */
export function toLanguage(tag: string): Language {
  return /^en\b/i.test(tag) ? "en" : "ru";
}
