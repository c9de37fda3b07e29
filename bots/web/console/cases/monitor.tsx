// What a supervisor looks at: how much is owed, late and stuck, and with whom.

import { useEffect } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, useRead } from "../people/parts";
import type { State } from "../state";
import { moment, say } from "../words";
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
      <div class="scroll">
        <table>
          <thead><tr><th scope="col">{say("casePerson")}</th><th scope="col">{say("monitorOpen")}</th><th scope="col">{say("tabOverdue")}</th><th scope="col">{say("tabStalled")}</th><th scope="col">{say("monitorWaits")}</th></tr></thead>
          <tbody>
            {of.people.map(({ person, open, overdue, stalled, since }) => (
              <tr key={person?.id ?? 0}>
                <th scope="row">{person ? <button type="button" class="text" onClick={() => look({ tab: "all", person: String(person.id) })}>{person.name}</button> : say("caseNobody")}</th>
                <td>{open}</td><td data-tone={overdue ? "late" : undefined}>{overdue}</td><td data-tone={stalled ? "soon" : undefined}>{stalled}</td><td>{since && <time dateTime={since} title={moment(since, now)}>{waiting(since, now)}</time>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Places({ of, book, look }: { of: Monitor; book: Book; look: Look }) {
  return (
    <section class="part">
      <h2>{say("monitorPlaces")}</h2>
      <div class="scroll">
        <table>
          <thead><tr><th scope="col">{say("caseQueue")}</th><th scope="col">{say("monitorOpen")}</th><th scope="col">{say("tabOverdue")}</th><th scope="col">{say("monitorFree")}</th></tr></thead>
          <tbody>
            {of.places.map(({ queue, kind, open, overdue, free }) => (
              <tr key={queue + kind}>
                <th scope="row"><button type="button" class="text" onClick={() => look({ tab: "all", queue, kind })}>
                  {queue ? queueName(book, queue) : say("monitorUnrouted", { kind: nameIn(book.kinds, kind).toLowerCase() })}
                </button></th>
                <td>{open}</td><td data-tone={overdue ? "late" : undefined}>{overdue}</td><td>{free}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
