// The open dialog: its head, its log, what may be done.

import { useState } from "preact/hooks";
import { focusComposer } from "./focus";
import { Composer } from "./composer";
import { useDesk } from "./context";
import { Icon } from "./icons";
import { Channel, Waiting } from "./list";
import { LogView } from "./logview";
import type { Handoff } from "./protocol";
import { neighbour } from "./queue";
import { canReply, key, type State } from "./state";
import { moment, say } from "./words";

export function Dialog({ state }: { state: State }) {
  const desk = useDesk();
  const [dropping, setDropping] = useState(false);
  const handoff = state.selected;
  if (!handoff) return <main class="dialog"><Nobody state={state} /></main>;
  const mine = canReply(state, handoff);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    if (event.dataTransfer?.files.length) desk.uploads.add(handoff.conversation, [...event.dataTransfer.files]);
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setDropping(true);
  };
  return (
    <main class={"dialog" + (dropping ? " dropping" : "")} data-drop={say("drop")}
      {...(mine && { onDragOver: over, onDrop: drop, onDragLeave: () => setDropping(false) })}>
      <Head state={state} handoff={handoff} mine={mine} />
      <LogView key={handoff.conversation} state={state} handoff={handoff} />
      <Foot state={state} handoff={handoff} mine={mine} />
    </main>
  );
}

function Head({ state, handoff, mine }: { state: State; handoff: Handoff; mine: boolean }) {
  const desk = useDesk();
  const taken = state.logs[handoff.conversation]?.entries.filter((entry) => entry.kind === "event" && entry.did === "taken").at(-1);
  return (
    <div class="head">
      <button type="button" class="plain back" aria-label={say("toList")} onClick={() => desk.select(undefined)}><Icon name="back" /></button>
      <div class="title">
        <h2><Channel name={handoff.channel} />{handoff.customer}</h2>
        <p class="meta">
          {handoff.state === "waiting" ? <>{say("waits")} <Waiting since={handoff.since} now={state.now} /></>
            : handoff.state === "closed" ? say("stateClosed")
            : mine ? say("mineSince", { at: moment(taken?.at ?? handoff.since, state.now) })
            : say("heldBy", { by: handoff.held_by?.name ?? say("colleague") })}
        </p>
      </div>
      {mine && (
        <>
          <button type="button" class="quiet" disabled={state.busy.includes(key("return", handoff))}
            onClick={() => void desk.giveBack(handoff)} title={say("returnHint")}><Icon name="returned" /><span>{say("return")}</span></button>
          <button type="button" class="quiet" disabled={state.busy.includes(key("close", handoff))}
            onClick={() => desk.askClose(handoff)} title={say("closeHint")}><Icon name="check" /><span>{say("close")}</span></button>
        </>
      )}
      <button type="button" class="plain to-card" aria-label={say("card")} title={say("card") + " (I)"} aria-pressed={state.pane === "card"}
        onClick={() => desk.store.dispatch({ do: "pane", pane: state.pane === "card" ? "dialog" : "card" })}><Icon name="card" /></button>
    </div>
  );
}

/** Below the log: the composer, with what stands before it when the dialog is not mine. */
function Foot({ state, handoff, mine }: { state: State; handoff: Handoff; mine: boolean }) {
  const desk = useDesk();
  const next = handoff.state === "closed" ? state.queue?.waiting[0] ?? neighbour(state.queue, undefined, 1) : undefined;
  return (
    <div class="foot">
      {handoff.state === "waiting" && (
        <p class="standing">
          <span>{say("waitingBar")}</span>
          <button type="button" class="act" disabled={state.busy.includes(key("take", handoff))}
            onClick={() => void desk.take(handoff).then(focusComposer)}>{say("takeDialog")}</button>
        </p>
      )}
      {handoff.state === "held" && !mine && (
        <p class="standing"><span>{say("othersBar", { by: handoff.held_by?.name ?? say("colleague") })}</span></p>
      )}
      {handoff.state === "closed" && (
        <p class="standing">
          <span>{say("closedBar")}</span>
          {next && <button type="button" class="act" onClick={() => desk.select(next)}>{say("nextDialog")}</button>}
        </p>
      )}
      <Composer key={handoff.conversation} state={state} handoff={handoff} />
    </div>
  );
}

function Nobody({ state }: { state: State }) {
  const desk = useDesk();
  const first = state.queue?.waiting[0];
  return (
    <div class="nobody">
      <Icon name="chat" />
      <h2>{say(first ? "chooseTitle" : state.queue?.mine.length ? "chooseMineTitle" : "quietTitle")}</h2>
      <p>{say(first ? "chooseText" : state.queue?.mine.length ? "chooseMineText" : "quietText")}</p>
      {first && <button type="button" class="act" onClick={() => void desk.take(first).then(focusComposer)}>{say("takeOldest", { name: first.customer })}</button>}
    </div>
  );
}
