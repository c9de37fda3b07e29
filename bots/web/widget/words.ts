// The widget's words in the language of the page.

import type { Language } from "./settings";
import type { chat } from "./text.ru.json";

/** The keys of the Russian catalogue, which is the source of the others. */
export type Key = keyof typeof chat;
export type Catalogue = Record<Key, string>;
export type Say<K extends string> = (key: K, values?: Record<string, string | number>) => string;

export class Words {
  constructor(public language: Language, public catalogue: Catalogue) {}

  /** A sentence, with its {names} filled in. */
  say: Say<Key> = (key, values) => this.of<Key>()(key, values);

  /** The words of a panel, which brings them in every language. */
  of<K extends string>(catalogues?: Record<Language, Record<K, string>>): Say<K> {
    return (key, values = {}) => (catalogues ? catalogues[this.language] : this.catalogue as Record<K, string>)[key]
      .replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  time(at: Date): string {
    return at.toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" });
  }

  day(at: Date): string {
    const today = new Date();
    const days = Math.round((today.setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0 || days === 1) return this.say(days ? "yesterday" : "today");
    return at.toLocaleDateString(this.language, {
      day: "numeric", month: "long", ...(at.getFullYear() !== today.getFullYear() && { year: "numeric" }),
    });
  }
}
