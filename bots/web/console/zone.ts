// Times by the company's clocks, wherever the browser is: what staff agree on, and
// when something has happened, is the same for all of them.

/** The IANA name of the zone; undefined until somebody has signed in: the browser's. */
let zone: string | undefined;

/** Tells times by the clocks of a zone from now on. */
export function keepTime(name: string | undefined): void { zone = name || undefined; }

/** For the formats of Intl. */
export const zoned = (): { timeZone?: string } => zone ? { timeZone: zone } : {};

/** What the clocks show at an instant: "2026-11-28T13:00:00". */
const shown = (at: Date): string => at.toLocaleString("sv", zoned()).replace(" ", "T");

/** The date on the calendar at an instant: "2026-11-28". */
export const dateAt = (at: Date | number): string => shown(new Date(at)).slice(0, 10);

/** The instant at which the clocks show "2026-11-28T13:00". An hour that they skip
 * is the one after it. */
export function instantOf(local: string): Date {
  const wanted = Date.parse(local + "Z");
  let at = wanted;
  for (let i = 0; i < 2; i++) at = wanted - (Date.parse(shown(new Date(at)) + "Z") - at);
  return new Date(at);
}

/** Noon of a date: an instant that is told as that date. */
export const noon = (date: string): Date => instantOf(date + "T12:00");

/** What the zone is called: "Екатеринбург (GMT+5)". */
export function zoneName(language: string, now: number): string {
  const name = (form: "long" | "shortOffset") => new Intl.DateTimeFormat(language, { ...zoned(), timeZoneName: form })
    .formatToParts(now).find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${name("long")} (${name("shortOffset")})`;
}
