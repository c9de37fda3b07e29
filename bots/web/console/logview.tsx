// The log of the open dialog: it stays at its end while one is there, and
// keeps its place while older pages come in above.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useDesk } from "./context";
import { EntryView, UnsentView } from "./entry";
import { Icon } from "./icons";
import { notShown, rows } from "./log";
import type { Handoff } from "./protocol";
import type { State } from "./state";
import { day, say } from "./words";

/** Pixels from the end that still count as the end. */
const END = 48;
const NEAR_TOP = 240;

export function LogView({ state, handoff }: { state: State; handoff: Handoff }) {
  const desk = useDesk();
  const { conversation } = handoff;
  const log = state.logs[conversation];
  const entries = log?.entries ?? [];
  const unsent = notShown(state.outbox, conversation, entries);
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef({ end: true, height: 0, first: "", count: 0 });
  const [missed, setMissed] = useState(0);
  const typing = (state.typing[conversation] ?? 0) > state.now;

  const first = entries[0]?.position ?? "";
  const count = entries.length + unsent.length;
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const was = place.current;
    if (was.end) box.scrollTop = box.scrollHeight;
    else if (was.first && first !== was.first) box.scrollTop += box.scrollHeight - was.height;
    else if (count > was.count) setMissed((n) => n + count - was.count);
    place.current = { ...was, height: box.scrollHeight, first, count };
  }, [first, count, typing, log?.state]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watch = new ResizeObserver(() => { if (place.current.end) box.scrollTop = box.scrollHeight; });
    watch.observe(box);
    if (box.firstElementChild) watch.observe(box.firstElementChild);
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const box = scroller.current;
    if (!box) return;
    place.current.end = box.scrollHeight - box.scrollTop - box.clientHeight < END;
    if (place.current.end && missed) setMissed(0);
    if (box.scrollTop < NEAR_TOP) void desk.logs.earlier(conversation);
  };
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });

  const today = new Date(state.now).toDateString();
  const list = useMemo(() => {
    const frame = { me: state.staff?.name ?? "", handoff, retried: state.retried, busy: state.busy };
    return rows(entries).map((row) => row.kind === "day"
      ? <li key={row.key} class="day"><span>{day(row.at, state.now)}</span></li>
      : <EntryView key={row.key} entry={row.entry} joined={row.joined} frame={frame} />);
  }, [log?.entries, handoff, state.retried, state.busy, state.settings.language, today]);

  return (
    <div class="log-frame">
      <div class="log" id="log" ref={scroller} tabIndex={0} role="region" aria-label={say("log", { name: handoff.customer })} onScroll={scrolled}>
        <div>
          {log?.more && (
            <button type="button" class="text earlier" disabled={log.earlier} onClick={() => void desk.logs.earlier(conversation)}>
              {say(log.earlier ? "loading" : "earlier")}
            </button>
          )}
          {(!log || (log.state === "loading" && !entries.length)) && <p class="empty" role="status">{say("loading")}</p>}
          {log?.state === "failed" && (
            <p class="empty">{say("logFailed")} <button type="button" class="text" onClick={() => void desk.logs.read(conversation)}>{say("retry")}</button></p>
          )}
          {log?.state === "ready" && !count && <p class="empty">{say("logEmpty")}</p>}
          <ol class="entries">
            {list}
            {unsent.map((message) => <UnsentView key={message.id} unsent={message} />)}
          </ol>
          {typing && <p class="typing"><i /><i /><i /><span>{say("customerTyping")}</span></p>}
        </div>
      </div>
      {missed > 0 && <button type="button" class="to-end" onClick={toEnd}><Icon name="down" />{say("newBelow", { n: missed })}</button>}
    </div>
  );
}
