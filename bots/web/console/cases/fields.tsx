// The fields of the actions' forms.

import { day, moment, say, spoken } from "../words";
import { dateAt, noon, zoneName } from "../zone";
import type { Answer, Book, Case } from "./api";
import type { Change, Typed } from "./drafts";
import { LetterField, Unnamed } from "./editor";
import { fit } from "./enclosures";
import { noteOf, queueName, word } from "./names";

export type Field = "note" | "way" | "person" | "category" | "territory" | "answers" | "queue" | "waive" | "letter" | "links" | "addressee" | "other" | "day" | "times" | "time" | "pick" | "action";

const forms: Record<string, Field[]> = {
  hand: ["person", "note"], name: ["person"], clear: ["person", "note"], assign: ["person"], reclassify: ["category"], locate: ["territory", "note"], ask: ["way", "note"], clarify: ["answers"],
  write: ["note"], route: ["queue", "waive", "note"], return: ["note"], prepare: ["note", "letter"], rework: ["note"], notify: ["day"], extend: ["note"],
  contact: ["way", "note"], propose: ["times", "note"], confirm: ["pick"], agree: ["time", "note"], act: ["note"], finish: ["action", "note"], answer: ["note", "letter"],
  typical: ["letter", "links"], off_topic: ["addressee", "letter"], duplicate: ["other"], reopen: ["note"],
};
/** Forms whose note nobody has to write. */
const mayBeSilent = ["hand", "write", "reopen"];

export function fieldsOf(event: string, typed: Typed, one: Case, now: number): Field[] {
  const shown = (field: Field): boolean => {
    if (field === "waive") return missing(one);
    if (field !== "note") return true;
    if (event === "prepare" || event === "answer") return early(one, now);
    return event === "propose" ? late(typed, one) : event !== "agree" || !!one.agreed || late(typed, one);
  };
  return (forms[event] ?? []).filter(shown).map((field) => field === "pick" ? "time" : field);
}

/** The day that the customer was promised. */
const promised = (one: Case): string => one.clocks.find(({ clock, met }) => clock === "answer" && !met)?.last ?? "";
const late = (typed: Typed, one: Case): boolean => !!promised(one) && typed.times.some((at) => at.slice(0, 10) > promised(one));
/** Whether the answer would come before the time that was agreed with the customer. */
export const early = (one: Case, now: number): boolean => one.state === "scheduled" && !!one.agreed && Date.parse(one.agreed) > now;
/** From nine in the evening to eight in the morning nobody expects a visit. */
const atNight = (at: string): boolean => { const hour = Number(at.slice(11, 13)); return !!at && (hour < 8 || hour >= 21); };

const missing = (one: Case): boolean => one.answers.some((answer) => answer.missing);
const elsewhere = (typed: Typed, one: Case): boolean => !!typed.queue && typed.queue !== one.route?.queue;

/** Where a route leads: where it was sent, or where the table sends it, unless that is
 * to who keeps the case and has it already. */
export const leads = (typed: Typed, one: Case): string => typed.queue || (one.route && !one.route.own ? one.route.queue : "");

/** Whether nobody can work on the case where the route leads. */
export const vacant = (typed: Typed, one: Case): boolean => !!one.route?.vacant.includes(leads(typed, one));

/** Whether a route needs a reason: it departs from the table, or goes without
 * something. */
export const needsReason = (typed: Typed, one: Case): boolean => elsewhere(typed, one) || typed.waive;

/** Everything that must be there is: the server looks again. */
export function ready(fields: Field[], event: string, typed: Typed, one: Case): boolean {
  const is: Record<Field, boolean> = {
    note: !!typed.note.trim() || mayBeSilent.includes(event) || event === "route" && !needsReason(typed, one),
    way: !!(typed.way || one.contact.code), person: !!typed.person, category: !!typed.category && typed.category !== one.category,
    territory: !!typed.territory && typed.territory !== one.territory,
    answers: Object.values(typed.answers).some((value) => value.trim()), queue: !!leads(typed, one) && (!vacant(typed, one) || typed.unmanned),
    waive: !missing(one) || typed.waive, letter: !!typed.text.trim() && !typed.text.includes("{body}") && fit(typed.files ?? []), links: typed.links.length > 0,
    addressee: !!typed.addressee, other: !!typed.other.trim(), day: !!typed.day, times: typed.times.some(Boolean) && !typed.times.some(atNight),
    time: !!typed.times[0] && (event === "confirm" || !atNight(typed.times[0])), pick: !!typed.times[0], action: one.actions.some(({ finished }) => !finished),
  };
  return fields.every((field) => is[field]);
}

interface Part { event: string; book: Book; one: Case; typed: Typed; change: (next: Change<Typed>) => void; own: number; now: number }

export function Fields({ fields, flaws, ...part }: Part & { fields: Field[]; flaws: Record<string, string> }) {
  return (
    <>
      {fields.map((field) => {
        switch (field) {
          case "note": return <Note key={field} {...part} />;
          case "way": return <Way key={field} {...part} />;
          case "person": return <Whom key={field} {...part} />;
          case "category": return <Category key={field} {...part} />;
          case "territory": return <Territory key={field} {...part} />;
          case "answers": return <Said key={field} {...part} flaws={flaws} />;
          case "queue": return <Queue key={field} {...part} />;
          case "waive": return <Waive key={field} {...part} />;
          case "letter": return <LetterField key={field} {...part} />;
          case "links": return null; // the letter's own field shows them
          case "addressee": return null;
          case "other": return <Line key={field} {...part} />;
          case "day": return <Day key={field} {...part} />;
          case "times": return <Times key={field} {...part} />;
          case "action": return <Which key={field} {...part} />;
          default: return part.event === "confirm" ? <Pick key={field} {...part} /> : <Time key={field} {...part} />;
        }
      })}
    </>
  );
}

function Note({ event, one, typed, change, now }: Part) {
  if (event === "route" && !needsReason(typed, one)) return null;
  return (
    <>
      {(event === "prepare" || event === "answer") && <p class="lack" role="status">{say("formEarly", { at: moment(one.agreed ?? "", now) })}</p>}
      {event === "ask" && missing(one) && <Lack one={one} />}
      <label>{noteOf(event)}
        <textarea rows={4} maxLength={4000} value={typed.note} onInput={(input) => change({ note: input.currentTarget.value })} />
      </label>
      {event === "ask" && (typed.way || one.contact.code) === "chat" && <Unnamed one={one} />}
    </>
  );
}

function Lack({ one }: { one: Case }) {
  return <p class="lack">{say("checkMissing", { list: one.answers.filter((answer) => answer.missing).map(({ label }) => word(label)).join(", ") })}</p>;
}

/** The channel that the customer has chosen stands first (R-5.2.7-c). */
function Way({ one, typed, change }: Part) {
  const options = one.answers.find(({ field }) => field === "contact")?.options ?? [];
  return (
    <label>{say("formWay")}
      <select value={typed.way || one.contact.code} onChange={(input) => change({ way: input.currentTarget.value })}>
        {options.map((option) => <option key={option.code} value={option.code}>{word(option.name)}{option.code === one.contact.code ? ` (${say("formWayHis")})` : ""}</option>)}
      </select>
      {one.contact.to && <span class="hint">{one.contact.to}</span>}
    </label>
  );
}

const keepers: Record<string, string> = { question: "vp_specialist", review: "vp_specialist", complaint: "complaint_router", application: "application_router" };

/** Whose queue it is, if it is no direction's. */
const roleOf = (book: Book, queue: string): string => book.queues.find(({ code }) => code === queue)?.role ?? "";

function Whom({ event, book, one, typed, change, own }: Part) {
  const about = (id: number) => one.about.some((person) => person.id === id);
  const fit = book.people.filter(({ id, roles, teams }) =>
    event === "hand" ? id !== one.keeper?.id && !about(id) && (roles.includes(keepers[one.kind] ?? "") || roles.includes("supervisor"))
      : event === "clear" ? about(id) : event === "assign" ? !about(id) && (roles.includes("direction_specialist") && teams.includes(one.queue) || roles.includes(roleOf(book, one.queue))) : !about(id));
  return (
    <label>{say("formPerson")}
      <select value={typed.person} required onChange={(input) => change({ person: input.currentTarget.value })}>
        <option value="">{say("formChoose")}</option>
        {fit.map(({ id, name }) => <option key={id} value={String(id)}>{name}{id === own ? ` (${say("you").toLowerCase()})` : ""}</option>)}
      </select>
      {fit.length === 0 && <span class="hint">{say("formNobody")}</span>}
    </label>
  );
}

function Category({ book, one, typed, change }: Part) {
  return (
    <label>{say("caseCategory")}
      <select value={typed.category} required onChange={(input) => change({ category: input.currentTarget.value })}>
        <option value="">{say("formChoose")}</option>
        {book.kinds.map((kind) => (
          <optgroup key={kind.code} label={word(kind.name)}>
            {book.categories.filter(({ kind: of, offered, code }) => of === kind.code && offered && code !== one.category)
              .map(({ code, name }) => <option key={code} value={code}>{code} {word(name)}</option>)}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function Territory({ book, one, typed, change }: Part) {
  return (
    <label>{say("caseTerritory")}
      <select value={typed.territory} required onChange={(input) => change({ territory: input.currentTarget.value })}>
        <option value="">{say("formChoose")}</option>
        {book.territories.filter(({ code }) => code !== one.territory).map(({ code, name }) => <option key={code} value={code}>{word(name)}</option>)}
      </select>
    </label>
  );
}

/** What the customer has said by phone or elsewhere, into the fields of his form:
 * the missing ones first, then those that he did not know. Secret answers come by the secure page alone. */
function Said({ one, typed, change, flaws }: Part & { flaws: Record<string, string> }) {
  const set = (name: string, value: string) => change({ answers: { ...typed.answers, [name]: value } });
  const fields = one.answers.filter(({ secret, type }) => !secret && type !== "files").sort((a, b) => lack(b) - lack(a));
  return (
    <fieldset class="said-fields">
      <legend>{say("formSaid")}</legend>
      {fields.map(({ field, label, type, options, missing, unsure }) => (
        <label key={field}>{word(label)}{(missing || unsure) && <span class="lack"> {say(missing ? "answerMissing" : "answerUnsure")}</span>}
          {options.length > 0 ? (
            <select value={typed.answers[field] ?? ""} onChange={(input) => set(field, input.currentTarget.value)}>
              <option value="">{say("formAsItIs")}</option>
              {options.map((option) => <option key={option.code} value={option.code}>{word(option.name)}</option>)}
            </select>
          ) : type === "prose" ? <textarea rows={3} value={typed.answers[field] ?? ""} onInput={(input) => set(field, input.currentTarget.value)} />
            : <input value={typed.answers[field] ?? ""} autocomplete="off" onInput={(input) => set(field, input.currentTarget.value)} />}
          {flaws[field] && <span class="flaw" role="alert">{flaws[field]}</span>}
        </label>
      ))}
    </fieldset>
  );
}

const lack = ({ missing, unsure }: Answer): number => missing ? 2 : unsure ? 1 : 0;

/** Where the table sends it, and why; another queue asks for a reason. */
function Queue({ book, one, typed, change }: Part) {
  const proposed = one.route?.queue ?? "";
  const others = book.queues.filter(({ role }) => !role || role !== keepers[one.kind]);
  return (
    <>
      {one.route?.own && <p class="lack" role="status">{say("routeOwn")}</p>}
      <label>{say("caseQueue")}
        <select value={leads(typed, one)} required onChange={(input) => change({ queue: input.currentTarget.value, unmanned: false })}>
          {one.route?.own && <option value="">{say("formChoose")}</option>}
          {others.map(({ code }) => <option key={code} value={code}>{queueName(book, code)}{code === proposed ? ` (${say("routeProposed")})` : ""}</option>)}
        </select>
      </label>
      {vacant(typed, one) && (
        <div class="vacant">
          <p class="lack" role="status">{say("routeVacant", { queue: queueName(book, leads(typed, one)) })}</p>
          <label class="setting"><input type="checkbox" checked={typed.unmanned} onChange={(input) => change({ unmanned: input.currentTarget.checked })} />{say("routeUnmanned")}</label>
        </div>
      )}
      {one.route && <Because why={one.route.why.map(word)} people={one.route.people.map(({ name }) => name)} />}
    </>
  );
}

/** «Почему сюда». */
export function Because({ why, people }: { why: string[]; people: string[] }) {
  return (
    <div class="because">
      <strong>{say("routeWhy")}</strong>
      <ul>{why.map((line, i) => <li key={i}>{line}</li>)}</ul>
      {people.length > 0 && <p class="meta">{say("routeThere", { names: people.join(", ") })}</p>}
    </div>
  );
}

function Waive({ one, typed, change }: Part) {
  return (
    <div class="waive">
      <Lack one={one} />
      <label class="setting"><input type="checkbox" checked={typed.waive} onChange={(input) => change({ waive: input.currentTarget.checked })} />{say("formWaive")}</label>
    </div>
  );
}

function Line({ typed, change }: Part) {
  return <label>{say("formOther")} <input value={typed.other} autocomplete="off" placeholder={say("formOtherLike")} onInput={(input) => change({ other: input.currentTarget.value })} /></label>;
}

function Day({ one, typed, change, now }: Part) {
  const last = one.clocks.find(({ clock }) => clock === "answer")?.last ?? "";
  return (
    <label>{say("formDay")} <input type="date" value={typed.day} min={dateAt(now)} max={last} required onInput={(input) => change({ day: input.currentTarget.value })} />
      {last && <span class="hint">{say("formDayLast", { at: day(noon(last), now) })}</span>}
    </label>
  );
}

const MOST_TIMES = 5;

function Times({ one, typed, change, now }: Part) {
  const { times } = typed;
  return (
    <fieldset class="times">
      <legend>{say("formTimes")}</legend>
      {times.map((at, i) => (
        <span key={i} class="time-row">
          <input type="datetime-local" value={at} aria-label={say("formTimeN", { n: i + 1 })} onInput={(input) => change({ times: times.map((old, j) => j === i ? input.currentTarget.value : old) })} />
          {times.length > 1 && <button type="button" class="text" onClick={() => change({ times: times.filter((_, j) => j !== i) })}>{say("formTimeDrop")}</button>}
        </span>
      ))}
      {times.length < MOST_TIMES && <button type="button" class="text" onClick={() => change({ times: [...times, ""] })}>{say("formTimeMore")}</button>}
      <Clocks now={now} />
      <Odd one={one} typed={typed} now={now} />
    </fieldset>
  );
}

function Time({ one, typed, change, now }: Part) {
  return (
    <label>{say("formTime")} <input type="datetime-local" value={typed.times[0] ?? ""} required onInput={(input) => change({ times: [input.currentTarget.value] })} />
      <Clocks now={now} />
      <Odd one={one} typed={typed} now={now} />
    </label>
  );
}

/** What cannot be meant, a time at night, and what needs a reason, a day after the promised one. */
function Odd({ one, typed, now }: { one: Case; typed: Typed; now: number }) {
  return (
    <>
      {typed.times.some(atNight) && <span class="lack" role="status">{say("formNight")}</span>}
      {late(typed, one) && <span class="lack" role="status">{say("formAfterDue", { at: day(noon(promised(one)), now) })}</span>}
    </>
  );
}

/** By whose clocks a time is typed. */
const Clocks = ({ now }: { now: number }) => <span class="hint">{say("formZone", { zone: zoneName(spoken(), now) })}</span>;

function Pick({ one, typed, change, now }: Part) {
  return (
    <fieldset>
      <legend>{say("timesProposed")}</legend>
      {one.proposed.map((at) => <label class="setting" key={at}><input type="radio" name="time" checked={typed.times[0] === at} onChange={() => change({ times: [at] })} />{moment(at, now)}</label>)}
    </fieldset>
  );
}

function Which({ one, typed, change }: Part) {
  const open = one.actions.filter(({ finished }) => !finished);
  return (
    <label>{say("formAction")}
      <select value={typed.action || String(open[0]?.id ?? "")} onChange={(input) => change({ action: input.currentTarget.value })}>
        {open.map(({ id, what }) => <option key={id} value={String(id)}>{what.slice(0, 80)}</option>)}
      </select>
    </label>
  );
}
