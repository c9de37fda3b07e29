// One visit: what is known of it, and all that can be made of it.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Trouble, useDo } from "../people/parts";
import { Sheet } from "../sheets";
import { named, say } from "../words";
import { onward, stepName, type Day, type Visit, type Visitor } from "./clerk";
import { numbers } from "./day";
import { serviceName, stateOf, type Acts } from "./plan";

export function VisitSheet({ visit, day, acts, keeps, error, leave }: { visit: Visit; day: Day; acts: Acts; keeps: boolean; error: string; leave: () => void }) {
  const { clerk } = useDesk();
  const looking = useDo();
  const [visitor, setVisitor] = useState<Visitor>();
  const [window, setWindow] = useState(acts.window || visit.called_to || visit.window || 1);
  const name = visitor?.name || visit.name || say("visitNameless", { code: visit.code });
  const account = visitor?.account || visit.account;
  const first = onward(visit);
  const look = () => void looking.run(async () => setVisitor(await clerk.look(day.office.code, visit.id)));
  return (
    <Sheet label={name} leave={leave}>
      <h2>{name}</h2>
      <p>{named(visit.date ?? day.date)}, <span class="number">{visit.walk_in ? visit.from : `${visit.from}–${visit.to}`}</span></p>
      <dl class="visit-facts">
        <div><dt>{say("visitService")}</dt><dd>{serviceName(day, visit.service)}</dd></div>
        <div><dt>{say("visitCode")}</dt><dd class="number"><strong>{visit.code}</strong></dd></div>
        <div><dt>{say("visitState")}</dt><dd>{stateOf(visit)}{visit.confirmed ? `, ${say("visitConfirmed")}` : ""}</dd></div>
        <div><dt>{say("visitWindow")}</dt><dd>{visit.walk_in ? say("visitWalkIn") : visit.window}</dd></div>
        {(visit.phone || visitor?.phone) && <div><dt>{say("visitPhone")}</dt><dd class="number">{visitor?.phone ? <a href={"tel:" + visitor.phone}>{visitor.phone}</a> : visit.phone}</dd></div>}
        {account && <div><dt>{say("visitAccount")}</dt><dd class="number">{account}</dd></div>}
      </dl>
      {keeps && !visitor && (visit.name || visit.phone) && <p><button type="button" class="text" disabled={looking.busy} onClick={look}>{say("visitLook")}</button> <span class="meta">{say("visitLookNoted")}</span></p>}
      <Trouble text={looking.error || error} />
      {visit.steps.includes("called") && visit.status !== "served" && day.office.windows > 1 && (
        <p class="choosing"><label>{say("visitWhere")} <select value={window} onChange={(event) => setWindow(Number(event.currentTarget.value))}>
          {numbers(day.office.windows).map((n) => <option key={n} value={n}>{n}</option>)}
        </select></label></p>
      )}
      <p class="buttons">
        {[...visit.steps].sort((a, b) => Number(b === first) - Number(a === first)).map((to) => {
          const where = to !== "called" ? 0 : visit.status === "served" ? visit.called_to || 1 : window;
          return <button key={to} type="button" class={to === first ? "act" : "quiet"} disabled={acts.busy}
            onClick={() => void acts.step(visit, to, where)}>{say(stepName(visit.status, to), { n: where })}</button>;
        })}
        <button type="button" class="quiet" onClick={leave}>{say("close")}</button>
      </p>
    </Sheet>
  );
}
