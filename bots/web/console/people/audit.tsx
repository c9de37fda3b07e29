// The audit: who saw and changed what.

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context";
import type { State } from "../state";
import { moment, say } from "../words";
import type { Book, Line, Wanted } from "./admin";
import { changeName, subjectText, valueText } from "./lines";
import { actName } from "./names";
import { Trouble, useDo } from "./parts";

const everything: Wanted = { staff: "", act: "", about: "", from: "", to: "" };

export function AuditPage({ state }: { state: State }) {
  const { admin } = useDesk();
  const [wanted, setWanted] = useState(everything);
  const [book, setBook] = useState<Book>();
  const { busy, error, run } = useDo();
  const read = (of: Wanted) => run(async () => setBook(await admin.audit(of, 0)));
  const more = () => run(async () => {
    const last = book?.lines.at(-1)?.number ?? 0;
    const next = await admin.audit(wanted, last);
    setBook({ ...next, lines: [...(book?.lines ?? []), ...next.lines] });
  });
  useEffect(() => void read(everything), []);
  const narrow = (change: Partial<Wanted>) => {
    const of = { ...wanted, ...change };
    setWanted(of);
    void read(of);
  };
  const who = wanted.staff && book?.lines.find((line) => String(line.staff) === wanted.staff)?.name;
  return (
    <main class="page wide" id="page" tabIndex={-1}>
      <h2>{say("audit")}</h2>
      <p class="meta">{say("auditText")}</p>
      <form class="line" onSubmit={(event) => { event.preventDefault(); void read(wanted); }}>
        <label>{say("auditAct")} <select value={wanted.act} onChange={(event) => narrow({ act: event.currentTarget.value })}>
          <option value="">{say("auditAll")}</option>
          {book?.acts.map((act) => <option key={act} value={act}>{actName(act)}</option>)}
        </select></label>
        <label>{say("auditAbout")} <input type="search" value={wanted.about} onInput={(event) => setWanted({ ...wanted, about: event.currentTarget.value })} /></label>
        <label>{say("auditFrom")} <input type="date" value={wanted.from} onChange={(event) => narrow({ from: event.currentTarget.value })} /></label>
        <label>{say("auditTo")} <input type="date" value={wanted.to} onChange={(event) => narrow({ to: event.currentTarget.value })} /></label>
        <button class="quiet" disabled={busy}>{say("auditShow")}</button>
        {JSON.stringify(wanted) !== JSON.stringify(everything) && <button type="button" class="text" onClick={() => narrow(everything)}>{say("auditReset")}</button>}
      </form>
      {who && <p class="meta">{say("auditWho", { name: who })}</p>}
      <Trouble text={error} />
      {!book && !error && <p class="empty" role="status">{say("loading")}</p>}
      {book && book.lines.length === 0 && <p class="empty">{say("auditNone")}</p>}
      <ol class="rows book">
        {book?.lines.map((line) => <BookLine key={line.number} line={line} now={state.now} narrow={narrow} />)}
      </ol>
      {book?.more && <button type="button" class="quiet" disabled={busy} onClick={() => void more()}>{say("auditMore")}</button>}
    </main>
  );
}

function BookLine({ line, now, narrow }: { line: Line; now: number; narrow: (change: Partial<Wanted>) => void }) {
  const about = line.conversation || line.subject;
  return (
    <li>
      <span class="number meta">{line.number}</span>
      <span class="what">
        <span>
          {line.staff ? <button type="button" class="text" onClick={() => narrow({ staff: String(line.staff) })}>{line.name}</button>
            : <strong>{say(line.address === "terminal" ? "auditTerminal" : line.address === "schedule" ? "auditSchedule" : "auditNobody")}</strong>}
          {" "}{actName(line.act)}
          {about && <>: <button type="button" class="text" onClick={() => narrow({ about })}>{line.conversation || subjectText(line)}</button></>}
          {line.conversation && line.subject && <>, {subjectText(line)}</>}
        </span>
        {line.changes.map((change, i) => (
          <span class="change" key={i}>
            {changeName(change)}: {change.before !== undefined && <><del>{valueText(change, change.before) || say("auditEmpty")}</del>{" → "}</>}
            <ins>{valueText(change, change.after ?? "") || say("auditEmpty")}</ins>
          </span>
        ))}
        {line.reason && <span class="change">{say("auditReason", { reason: line.reason })}</span>}
        <span class="meta"><time dateTime={line.at}>{moment(line.at, now)}</time>{line.address && line.address !== "terminal" && line.address !== "schedule" ? ", " + line.address : ""}</span>
      </span>
    </li>
  );
}
