// Takes in somebody who comes without a booking.

import { useState } from "preact/hooks";
import { newID } from "../api";
import { useDesk } from "../context";
import { Trouble, useDo } from "../people/parts";
import { Sheet } from "../sheets";
import { inWords, say } from "../words";
import type { Day } from "./clerk";
import { numbers } from "./day";

export function WalkInSheet({ day, window: own, leave, added }: { day: Day; window: number; leave: () => void; added: (code: string) => void }) {
  const { clerk } = useDesk();
  const [id] = useState(newID); // however often it is sent
  const [service, setService] = useState(day.services[0]?.code ?? "");
  const [name, setName] = useState("");
  const [window, setWindow] = useState(0);
  const { busy, error, run } = useDo();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => added((await clerk.walkIn(day.office.code, id, { service, name, window })).code));
  };
  return (
    <Sheet label={say("walkIn")} leave={leave}>
      <h2>{say("walkIn")}</h2>
      <form class="credentials" onSubmit={submit}>
        <label for="walk-in-service">{say("visitService")}</label>
        <select id="walk-in-service" value={service} onChange={(event) => setService(event.currentTarget.value)}>
          {day.services.map((one) => <option key={one.code} value={one.code}>{inWords(one.name)}</option>)}
        </select>
        <label for="walk-in-name">{say("walkInName")}</label>
        <input id="walk-in-name" value={name} maxLength={60} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
        <label for="walk-in-window">{say("walkInWhere")}</label>
        <select id="walk-in-window" value={window} onChange={(event) => setWindow(Number(event.currentTarget.value))}>
          <option value={0}>{say("walkInWaits")}</option>
          {numbers(day.office.windows).map((n) => <option key={n} value={n}>{say(n === own ? "walkInOwn" : "walkInTo", { n })}</option>)}
        </select>
        <Trouble text={error} />
        <p class="buttons">
          <button class="act" disabled={busy || !service}>{say("walkInAdd")}</button>
          <button type="button" class="quiet" onClick={leave}>{say("cancel")}</button>
        </p>
      </form>
    </Sheet>
  );
}
