// What has happened to a case, the newest first.

import { moment, say } from "../words";
import { roleName } from "../people/names";
import type { Book, Case, Step } from "./api";
import { nameIn, word } from "./names";

export function History({ one, book, now }: { one: Case; book: Book; now: number }) {
  return (
    <ol class="history">
      {one.history.map((step, i) => (
        <li key={one.history.length - i} data-replaced={step.replaced ? "" : undefined}>
          <strong>{what(step, book)}</strong> <span class="meta">{[who(step), moment(step.at, now)].join(", ")}</span>
          {step.replaced && <> <span class="tag">{say("stepReplaced")}</span></>}
          {step.note && <p class="said">{step.note}</p>}
          {step.details.length > 0 && <ul class="details">{step.details.map((detail, j) => <li key={j}><span class="meta">{word(detail.name)}:</span> {word(detail.value)}</li>)}</ul>}
          {!step.replaced && step.from !== step.to && <p class="meta">{nameIn(book.states, step.from)} → {nameIn(book.states, step.to)}</p>}
        </li>
      ))}
    </ol>
  );
}

const what = (step: Step, book: Book): string => step.refund ? say("stepRefund") : step.publication ? nameIn(book.publication, step.publication) : nameIn(book.events, step.event);
const who = (step: Step): string => step.by ? step.role ? `${step.by.name} (${roleName(step.role).toLowerCase()})` : step.by.name : say(step.refund ? "stepByBank" : step.role === "system" ? "stepBySystem" : "stepByCustomer");

/** What was said since it was registered, by him and to him, the oldest first:
 * whoever checks or answers a case reads it without looking through the history. */
export function Letters({ one, book, now }: { one: Case; book: Book; now: number }) {
  const said = one.history.filter(({ event, note }) => note && spoken.includes(event)).reverse();
  if (said.length === 0) return null;
  return (
    <section class="part">
      <h3>{say("lettersTitle")}</h3>
      <ol class="history">
        {said.map((step, i) => (
          <li key={i}><strong>{what(step, book)}</strong> <span class="meta">{[step.by && who(step), moment(step.at, now)].filter(Boolean).join(", ")}</span><p class="said">{step.note}</p></li>
        ))}
      </ol>
    </section>
  );
}

const spoken = ["ask", "clarify", "write", "reopen"];

/** What others did to a case between two readings of it, a line each. */
export function newsOf(before: Case, next: Case, book: Book, own: number): string[] {
  return next.history.slice(0, Math.max(0, next.history.length - before.history.length))
    .filter((step) => step.by?.id !== own)
    .map((step) => step.by || step.role === "system" ? say("caseNewsLine", { who: who(step), what: what(step, book) }) : what(step, book)).reverse();
}
