// The parts of the console: as many as fit stand in the bar, the others under
// «Ещё», where the one that is open gives the button its name.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "./context";
import { sectionOf, sections, type Section, type State } from "./state";
import { say, type Key } from "./words";

const names: Record<Section, Key> = { desk: "dialogs", cases: "cases", day: "day", schedule: "schedule", tables: "tables", quarantine: "quarantine", publications: "publications", indicators: "indicators", links: "links", people: "people", audit: "audit", account: "account" };

export function Sections({ state }: { state: State }) {
  const desk = useDesk();
  const open = sections(state), now = sectionOf(state);
  const row = useRef<HTMLDivElement>(null);
  const { fit, gap } = useFitting(row, open.map((section) => say(names[section])).join());
  if (open.length < 2 && now !== "account" || open.length === 0) return null;
  const button = (section: Section, over: boolean) => (
    <button key={section} type="button" class="plain" data-over={over ? "" : undefined} aria-current={section === now ? "page" : undefined}
      onClick={() => desk.go(section)}>{say(names[section])}</button>
  );
  const over = open.slice(fit);
  return (
    <nav class="sections" aria-label={say("sections")}>
      <div class="fitting" ref={row}>{open.map((section, i) => button(section, i >= fit))}</div>
      {over.length > 0 && <More gap={gap} label={say(over.includes(now) ? names[now] : fit ? "sectionsMore" : "sections")} current={over.includes(now)}>
        {over.map((section) => <li key={section}>{button(section, false)}</li>)}
      </More>}
    </nav>
  );
}

/** A button that opens a list; a choice, Escape and whatever happens elsewhere
 * close it. */
function More({ gap, label, current, children }: { gap: number; label: string; current: boolean; children: preact.ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => { if (!frame.current?.contains(event.target as Node)) setOpen(false); };
    addEventListener("pointerdown", elsewhere);
    addEventListener("focusin", elsewhere);
    return () => { removeEventListener("pointerdown", elsewhere); removeEventListener("focusin", elsewhere); };
  }, [open]);
  const press = (event: KeyboardEvent) => {
    const items = [...frame.current?.querySelectorAll<HTMLButtonElement>("li > button") ?? []];
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === "Escape" && open) { setOpen(false); opener.current?.focus(); }
    else if (event.key === "ArrowDown" && open) items[Math.min(at + 1, items.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && open) (at > 0 ? items[at - 1] : opener.current)?.focus();
    else if (event.key === "ArrowDown") setOpen(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="more" ref={frame} style={{ left: `${-gap}px` }} onKeyDown={press}>
      <button type="button" class="plain" ref={opener} aria-expanded={open} aria-controls="more-sections" aria-current={current ? "page" : undefined}
        onClick={() => setOpen(!open)}>{label}</button>
      <ul id="more-sections" hidden={!open} onClick={() => setOpen(false)}>{children}</ul>
    </div>
  );
}

/** How many children of a row stand in its first line, and how much of it they
 * leave. The row wraps and shows no second line, so what does not fit can be
 * measured as well. */
function useFitting(row: preact.RefObject<HTMLDivElement | null>, words: string): { fit: number; gap: number } {
  const [fitting, setFitting] = useState({ fit: 99, gap: 0 });
  useLayoutEffect(() => {
    const count = () => {
      const all = [...row.current?.children ?? []] as HTMLElement[];
      const width = row.current?.clientWidth ?? 0;
      const ends = all.filter((child) => child.offsetTop === all[0]?.offsetTop).map((child) => child.offsetLeft + child.offsetWidth).filter((end) => end <= width);
      setFitting({ fit: ends.length, gap: width - (ends.at(-1) ?? 0) });
    };
    count();
    const watch = new ResizeObserver(count);
    if (row.current) watch.observe(row.current);
    return () => watch.disconnect();
  }, [words]);
  return fitting;
}
