// The widget's words in the language of the page.

import type ru from "./text.ru.json";

/** The keys of the Russian catalogue, which is the source of the others. */
export type Key = keyof typeof ru;
export type Catalogue = Record<Key, string>;

export class Words {
  constructor(public language: string, public catalogue: Catalogue) {}

  /** A sentence, with its {names} filled in. */
  say(key: Key, values: Record<string, string | number> = {}): string {
    return this.catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  time(at: Date): string {
    return at.toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" });
  }

  day(at: Date): string {
    const days = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
    if (days === 0) return this.say("today");
    if (days === 1) return this.say("yesterday");
    const sameYear = at.getFullYear() === new Date().getFullYear();
    return at.toLocaleDateString(this.language, { day: "numeric", month: "long", ...(!sameYear && { year: "numeric" }) });
  }

  size(bytes: number): string {
    const large = bytes >= 1 << 20;
    const n = bytes / (large ? 1 << 20 : 1024);
    return this.say(large ? "megabytes" : "kilobytes", {
      n: n.toLocaleString(this.language, { maximumFractionDigits: large && n < 10 ? 1 : 0 }),
    });
  }
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}
