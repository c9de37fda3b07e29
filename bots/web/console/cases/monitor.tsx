// What a supervisor looks at: how much is owed, late and stuck, and with whom.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, useRead } from "../people/parts";
import type { State } from "../state";
import { moment, say, type Key } from "../words";
import type { Book, Monitor } from "./api";
import { nameIn, queueName, waiting } from "./names";

export function MonitorPage({ state, book, look }: { state: State; book: Book; look: (change: { tab: "overdue" | "stalled" | "all" | "mine"; person?: string; queue?: string; kind?: string }) => void }) {
  const { cases } = useDesk();
  const { value, failed, again } = useRead(() => cases.monitor());
  useEffect(() => void again(), [state.caseNews]);
  return (
    <div class="monitor">
      <Trouble text={failed} />
      {!value && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {value && (
        <>
          <ul class="figures">
            <li><button type="button" onClick={() => look({ tab: "all" })}><strong>{value.open}</strong> {say("monitorOpen")}</button></li>
            <li data-tone={value.overdue ? "late" : undefined}><button type="button" onClick={() => look({ tab: "overdue" })}><strong>{value.overdue}</strong> {say("monitorOverdue")}</button></li>
            <li data-tone={value.stalled ? "soon" : undefined}><button type="button" onClick={() => look({ tab: "stalled" })}><strong>{value.stalled}</strong> {say("monitorStalled", { n: value.stalled_days })}</button></li>
            {value.since && <li><button type="button" onClick={() => look({ tab: "all" })}><strong>{waiting(value.since, state.now)}</strong> {say("monitorWaits")}</button></li>}
          </ul>
          <Loads of={value} now={state.now} look={look} />
          <Places of={value} book={book} look={look} />
        </>
      )}
    </div>
  );
}

type Look = Parameters<typeof MonitorPage>[0]["look"];

function Loads({ of, now, look }: { of: Monitor; now: number; look: Look }) {
  return (
    <section class="part">
      <h2>{say("monitorPeople")}</h2>
      <p class="meta">{say("monitorPeopleText")}</p>
      <Figures of={["casePerson", "monitorOpen", "monitorOverdue", "tabStalled", "monitorWaits"]}
        rows={of.people.map(({ person, gone, open, overdue, stalled, since }) => ({
          name: person ? <button type="button" class="text" onClick={() => look({ tab: "all", person: String(person.id) })}>{person.name}{gone && ` (${say("monitorGone")})`}</button> : say("caseNobody"),
          cells: [{ value: open }, { value: overdue, tone: "late" }, { value: stalled, tone: "soon" }, { value: since && <time dateTime={since} title={moment(since, now)}>{waiting(since, now)}</time> }],
        }))} />
    </section>
  );
}

function Places({ of, book, look }: { of: Monitor; book: Book; look: Look }) {
  return (
    <section class="part">
      <h2>{say("monitorPlaces")}</h2>
      <Figures of={["caseQueue", "monitorOpen", "monitorOverdue", "monitorFree"]}
        rows={of.places.map(({ queue, kind, open, overdue, free }) => ({
          name: (
            <button type="button" class="text" onClick={() => look({ tab: "all", queue, kind })}>
              {queue ? queueName(book, queue) : say("monitorUnrouted", { kind: nameIn(book.kinds, kind).toLowerCase() })}
            </button>
          ),
          cells: [{ value: open }, { value: overdue, tone: "late" }, { value: free }],
        }))} />
    </section>
  );
}

/** A figure stands out in its tone, unless it is 0. */
interface Cell { value: ComponentChildren; tone?: "late" | "soon" }

/** A table; on a phone each row is a card, with the name of its column at each figure. */
function Figures({ of: [first, ...heads], rows }: { of: [Key, ...Key[]]; rows: { name: ComponentChildren; cells: Cell[] }[] }) {
  return (
    <table class="loads">
      <thead><tr><th scope="col">{say(first)}</th>{heads.map((head) => <th key={head} scope="col">{say(head)}</th>)}</tr></thead>
      <tbody>
        {rows.map(({ name, cells }, n) => (
          <tr key={n}>
            <th scope="row">{name}</th>
            {heads.map((head, i) => <td key={head} data-head={say(head)} data-tone={cells[i]?.value ? cells[i]?.tone : undefined}>{cells[i]?.value}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
