// What the page that carries the widget can choose, by attributes of the
// script tag: <script async src="…/widget.js" data-language="ru" data-accent="#0a6">.

export type Language = "ru" | "en";

export interface Settings {
  /** Where the server is; by default where the script came from. */
  server: string;
  language: Language;
  /**
   * The rest, as it is written: theme ("light", "dark"; otherwise the
   * system's), accent (#rgb or #rrggbb), position ("left"; otherwise right),
   * offset (pixels from the side and the bottom, "20 20"), label, title,
   * greeting, starters (things to ask with one press before the first message,
   * split by "|"), privacy (address of the page about personal data), marker
   * (the page's title counts unread messages).
   */
  data: DOMStringMap;
}

export function readSettings(script: HTMLScriptElement | null): Settings {
  const data = script?.dataset ?? {};
  return {
    data,
    server: new URL(data.server || ".", script?.src || location.href).href.replace(/\/$/, ""),
    language: toLanguage(data.language || document.documentElement.lang || navigator.language),
  };
}

/** Whatever is not English is answered in Russian, as on the server. */
export function toLanguage(tag: string): Language {
  return /^en\b/i.test(tag) ? "en" : "ru";
}
