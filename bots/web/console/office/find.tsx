// Finds the visit of somebody who stands at the desk.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { useDo, Trouble } from "../people/parts";
import { named, say } from "../words";
import type { Day, Visit } from "./clerk";
import { serviceName } from "./plan";

export function Find({ office, day, open }: { office: string; day: Day; open: (visit: Visit) => void }) {
  const { clerk } = useDesk();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Visit[]>();
  const { busy, error, run } = useDo();
  const show = (visit: Visit) => { setText(""); setFound(undefined); open(visit); };
  const find = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      const list = await clerk.find(office, day.date, text);
      const own = list.filter((visit) => visit.date === day.date);
      if (own.length === 1 && own[0]) show(own[0]);
      else setFound(list);
    });
  };
  return (
    <form class="find" onSubmit={find}>
      <label>{say("find")} <input type="search" inputMode="numeric" autocomplete="off" maxLength={30} value={text} placeholder={say("findHint")}
        onInput={(event) => { setText(event.currentTarget.value); setFound(undefined); }} /></label>
      <button class="quiet" disabled={busy || text.replace(/\D/g, "").length < 4}>{say("findDo")}</button>
      <Trouble text={error} />
      {found && (
        <ul class="rows found" aria-live="polite">
          {found.length === 0 && <li class="empty">{say("findNone")}</li>}
          {found.map((visit) => (
            <li key={visit.id}>
              <span class="what"><strong>{visit.name || say("visitNameless", { code: visit.code })}</strong> <span class="meta">{visit.phone}</span>
                <span class="meta">{named(visit.date ?? day.date)}, {visit.from}, {serviceName(day, visit.service)}</span></span>
              <button type="button" class="quiet" onClick={() => show(visit)}>{say("findOpen")}</button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
