// Beside the dialog: who it is, what colleagues noted, how it went.

import { focusComposer } from "./focus";
import { useDesk } from "./context";
import { Icon } from "./icons";
import { Channel, channelName, Waiting } from "./list";
import { notes } from "./log";
import { eventText } from "./entry";
import type { EventEntry } from "./protocol";
import type { State } from "./state";
import { moment, say } from "./words";

export function Card({ state }: { state: State }) {
  const desk = useDesk();
  const { selected: handoff, now } = state;
  if (!handoff) return null;
  const log = state.logs[handoff.conversation];
  const entries = log?.entries ?? [];
  const noted = notes(entries);
  const events = entries.filter((entry): entry is EventEntry => entry.kind === "event");
  const addNote = () => {
    desk.edit(handoff.conversation, { mode: "note" });
    desk.store.dispatch({ do: "pane", pane: "dialog" });
    focusComposer();
  };
  return (
    <aside class="card" aria-label={say("card")}>
      <button type="button" class="plain shut" aria-label={say("cardClose")} onClick={() => desk.store.dispatch({ do: "pane", pane: "dialog" })}>
        <Icon name="close" />
      </button>
      <section>
        <h2>{handoff.customer}</h2>
        <dl>
          <dt>{say("cardChannel")}</dt><dd><Channel name={handoff.channel} />{" "}<span aria-hidden="true">{channelName(handoff.channel)}</span></dd>
          <dt>{say("cardSince")}</dt><dd>{moment(handoff.since, now)}</dd>
          <dt>{say("cardState")}</dt>
          <dd>
            {handoff.state === "waiting" ? <>{say("waits")} <Waiting since={handoff.since} now={now} /></>
              : handoff.state === "held" ? handoff.held_by?.id === state.staff?.id ? say("heldByMe") : say("heldBy", { by: handoff.held_by?.name ?? say("colleague") })
              : say("stateClosed")}
          </dd>
          <dt>{say("cardNumber")}</dt><dd class="number">{handoff.id}</dd>
        </dl>
      </section>
      <section>
        <h2>{say("notes")} {noted.length > 0 && <span class="count">{noted.length}</span>}</h2>
        {noted.length === 0 && <p class="empty">{say("noNotes")}</p>}
        <ul class="noted">
          {noted.map((note) => (
            <li key={note.position}>
              <p class="said">{note.text}</p>
              <p class="meta">{note.by}, {moment(note.at, now)}</p>
            </li>
          ))}
        </ul>
        <button type="button" class="quiet" onClick={addNote}><Icon name="plus" />{say("addNote")}</button>
      </section>
      <section>
        <h2>{say("course")}</h2>
        {events.length === 0 && <p class="empty">{say("noEvents")}</p>}
        <ol class="course">
          {events.map((event) => (
            <li key={event.position}>{eventText(event)} <span class="meta">{moment(event.at, now)}</span></li>
          ))}
        </ol>
        {log?.more && <button type="button" class="quiet" disabled={log.earlier} onClick={() => void desk.logs.earlier(handoff.conversation)}>{say("earlier")}</button>}
      </section>
    </aside>
  );
}
