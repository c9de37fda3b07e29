// Quarantine: what customers have sent and the program could not take.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { channelName } from "../list";
import type { State } from "../state";
import { moment, say, type Key } from "../words";
import type { Casualty } from "./admin";
import { Trouble, useDo, useRead } from "./parts";

/** As long as the server asks for: see api.md. */
const leastReason = 5, mostReason = 300;

type Act = "again" | "reset" | "drop" | "look";
const buttons: Record<Act, Key> = { again: "quarantineAgain", reset: "quarantineReset", drop: "quarantineDrop", look: "quarantineLook" };
const dones: Record<Exclude<Act, "look">, Key> = { again: "quarantineTaken", reset: "quarantineBegun", drop: "quarantineGone" };
const hints: Record<Act, Key> = { again: "quarantineAgainText", reset: "quarantineResetText", drop: "quarantineDropText", look: "quarantineLookText" };

export function QuarantinePage({ state }: { state: State }) {
  const { admin } = useDesk();
  const { value, failed, again } = useRead(() => admin.quarantine());
  const [done, setDone] = useState("");
  const reads = !!state.staff?.may.includes("quarantine.read");
  const may = !!state.staff?.may.includes("quarantine.keep");
  return (
    <main class="page wide" id="page" tabIndex={-1}>
      <h2>{say("quarantine")}</h2>
      {value && <p class="meta">{say("quarantineText", { n: value.days })}</p>}
      <Trouble text={failed} />
      <p class="meta" role="status">{done}</p>
      {!value && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {value?.casualties.length === 0 && <p class="empty">{say("quarantineNone")}</p>}
      <ul class="rows links quarantine">
        {value?.casualties.map((one) => (
          <Row key={one.id} one={one} now={state.now} acts={[...(may ? ["again", ...(one.conversation ? ["reset"] : []), "drop"] as Act[] : []), ...(reads ? ["look"] as Act[] : [])]}
            gone={(text) => { setDone(text); void again(); }} stays={() => void again()} />
        ))}
      </ul>
    </main>
  );
}

interface Part { one: Casualty; now: number; acts: Act[]; gone: (said: string) => void; stays: () => void }

function Row({ one, now, acts, gone, stays }: Part) {
  const { admin } = useDesk();
  const [act, choose] = useState<Act>();
  const [reason, setReason] = useState("");
  const [text, setText] = useState<string>();
  const { busy, error, run } = useDo();
  const does = () => run(async () => {
    if (act === "look") {
      setText((await admin.quarantined(one.id, reason)).text);
      choose(undefined);
    } else if (act) {
      try {
        await admin.release(act, one.id, reason);
        gone(say(dones[act]));
      } catch (failure) {
        stays(); // what failed again stands there anew
        throw failure;
      }
    }
  });
  const field = "reason-" + one.id;
  return (
    <li>
      <span class="what">
        <strong>{channelName(one.channel)}, {one.conversation || say("quarantineUnknown")}</strong>
        <span class="meta"><time dateTime={one.at}>{moment(one.at, now)}</time>, {one.id}</span>
        <span class="change">{one.cause}</span>
        {text !== undefined && <span class="said">{text}</span>}
      </span>
      {!act && <span class="buttons">{acts.map((name) => <button key={name} type="button" class="quiet" onClick={() => choose(name)}>{say(buttons[name])}</button>)}</span>}
      {act && (
        <form class="ending" onSubmit={(event) => { event.preventDefault(); void does(); }}>
          <label for={field}>{say("quarantineReason")}</label>
          <input id={field} autocomplete="off" required minLength={leastReason} maxLength={mostReason} value={reason}
            ref={(input) => { if (input && reason === "") input.focus(); }} onInput={(event) => setReason(event.currentTarget.value)} />
          <p class="meta">{say(hints[act])}</p>
          <span class="buttons">
            <button class="act" disabled={busy || reason.trim().length < leastReason}>{say(buttons[act])}</button>
            <button type="button" class="quiet" onClick={() => choose(undefined)}>{say("quarantineCancel")}</button>
          </span>
        </form>
      )}
      <Trouble text={error} />
    </li>
  );
}
