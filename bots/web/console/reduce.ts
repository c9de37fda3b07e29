// How the state follows from what happens. Pure.

import { merge, notShown } from "./log";
import { compare, type Entry, type Handoff, type Me, type Position, type Queue } from "./protocol";
import { refresh } from "./queue";
import { emptyDraft, initial, type Attachment, type Draft, type Log, type Notice, type Section, type Settings, type State, type Unsent } from "./state";

export type Action =
  | { do: "sign in"; me: Me; drafts: Record<string, Draft>; outbox: Unsent[] }
  | { do: "sign out" }
  | { do: "expire"; why: string }
  | { do: "queue"; queue: Queue }
  | { do: "section"; section: Section; place?: string }
  | { do: "case news" }
  | { do: "select"; handoff: Handoff | undefined }
  | { do: "update"; handoff: Handoff }
  | { do: "read"; conversation: string; earlier: boolean }
  | { do: "page"; conversation: string; entries: Entry[]; where: "last" | "after" | "before"; more: boolean }
  | { do: "unread"; conversation: string }
  | { do: "draft"; conversation: string; change: Partial<Draft> }
  | { do: "attach"; conversation: string; files: Attachment[] }
  | { do: "attachment"; conversation: string; key: string; change: Partial<Attachment> }
  | { do: "detach"; conversation: string; key: string }
  | { do: "post"; unsent: Unsent }
  | { do: "posted"; id: string; change: Partial<Unsent> }
  | { do: "withdraw"; id: string }
  | { do: "retried"; conversation: string; position: Position }
  | { do: "see"; conversation: string; position: Position }
  | { do: "typing"; conversation: string; until: number }
  | { do: "link"; link: State["link"] }
  | { do: "news"; office: string }
  | { do: "notice"; notice: Notice | undefined }
  | { do: "announce"; text: string }
  | { do: "busy"; key: string; busy: boolean }
  | { do: "settings"; change: Partial<Settings> }
  | { do: "pane"; pane: State["pane"] }
  | { do: "sheet"; sheet: State["sheet"] }
  | { do: "tick"; now: number };

const noLog: Log = { entries: [], more: false, state: "loading", earlier: false };

export function reduce(state: State, action: Action): State {
  switch (action.do) {
    case "sign in": {
      const { staff, now } = action.me;
      const same = state.staff?.id === staff.id;
      // Somebody else at the same screen begins with an empty desk.
      const base = same ? state : { ...initial, settings: state.settings, link: state.link, drafts: action.drafts, outbox: action.outbox };
      return { ...base, session: "in", ended: "", staff, now: Date.parse(now) };
    }
    case "sign out":
      return { ...initial, session: "out", settings: state.settings };
    case "expire":
      return { ...state, session: state.staff ? "expired" : "out", ended: action.why, sheet: "" };
    case "queue":
      return { ...state, queue: action.queue, selected: refresh(state.selected, action.queue) };
    case "section":
      return state.section === action.section && state.place === (action.place ?? "") ? state
        : { ...state, section: action.section, place: action.place ?? "", sheet: "" };
    case "case news":
      return { ...state, caseNews: state.caseNews + 1 };
    case "select":
      return {
        ...state, selected: action.handoff, pane: action.handoff ? "dialog" : "list", sheet: "",
        notice: state.notice?.conversation === action.handoff?.conversation ? state.notice : undefined,
      };
    case "update":
      return state.selected?.id === action.handoff.id ? { ...state, selected: action.handoff } : state;
    case "read":
      return log(state, action.conversation, (old) =>
        action.earlier ? { ...old, earlier: true } : { ...old, state: old.entries.length ? "ready" : "loading" });
    case "page":
      return settle(log(state, action.conversation, (old) => ({
        entries: action.where === "last" && !overlaps(old.entries, action.entries) ? action.entries : merge(old.entries, action.entries),
        more: action.where === "after" || (action.where === "last" && overlaps(old.entries, action.entries)) ? old.more : action.more,
        state: "ready",
        earlier: action.where === "before" ? false : old.earlier,
      })), action.conversation, action.where === "after" && action.entries.some((entry) => entry.kind === "in"));
    case "unread":
      return log(state, action.conversation, (old) =>
        ({ ...old, earlier: false, state: old.entries.length ? old.state : "failed" }));
    case "draft":
      return draft(state, action.conversation, (old) => ({ ...old, ...action.change }));
    case "attach":
      return draft(state, action.conversation, (old) => ({ ...old, files: [...old.files, ...action.files] }));
    case "attachment":
      return draft(state, action.conversation, (old) => ({
        ...old, files: old.files.map((file) => file.key === action.key ? { ...file, ...action.change } : file),
      }));
    case "detach":
      return draft(state, action.conversation, (old) => ({ ...old, files: old.files.filter((file) => file.key !== action.key) }));
    case "post":
      return { ...state, outbox: [...state.outbox, action.unsent] };
    case "posted":
      return settle({
        ...state, outbox: state.outbox.map((unsent) => unsent.id === action.id ? { ...unsent, ...action.change } : unsent),
      }, state.outbox.find((unsent) => unsent.id === action.id)?.conversation ?? "");
    case "withdraw":
      return { ...state, outbox: state.outbox.filter((unsent) => unsent.id !== action.id) };
    case "retried":
      return { ...state, retried: [...state.retried, `${action.conversation} ${action.position}`] };
    case "see":
      return compare(action.position, state.seen[action.conversation] ?? "") > 0
        ? { ...state, seen: { ...state.seen, [action.conversation]: action.position } } : state;
    case "typing":
      return { ...state, typing: { ...state.typing, [action.conversation]: action.until } };
    case "link":
      return state.link === action.link ? state : { ...state, link: action.link };
    case "news":
      return { ...state, news: { office: action.office } };
    case "notice":
      return { ...state, notice: action.notice };
    case "announce":
      return { ...state, announcement: action.text };
    case "busy":
      return { ...state, busy: action.busy ? [...state.busy, action.key] : state.busy.filter((key) => key !== action.key) };
    case "settings":
      return { ...state, settings: { ...state.settings, ...action.change } };
    case "pane":
      return { ...state, pane: action.pane };
    case "sheet":
      return { ...state, sheet: action.sheet };
    case "tick":
      return { ...state, now: action.now };
  }
}

function log(state: State, conversation: string, change: (old: Log) => Log): State {
  return { ...state, logs: { ...state.logs, [conversation]: change(state.logs[conversation] ?? noLog) } };
}

function draft(state: State, conversation: string, change: (old: Draft) => Draft): State {
  return { ...state, drafts: { ...state.drafts, [conversation]: change(state.drafts[conversation] ?? emptyDraft) } };
}

/** Acknowledged messages that the log shows by now leave the outbox; a customer
 * who has `spoken` is no longer typing. */
function settle(before: State, conversation: string, spoken = false): State {
  const state = spoken ? { ...before, typing: { ...before.typing, [conversation]: 0 } } : before;
  const entries = state.logs[conversation]?.entries ?? [];
  const kept = new Set(notShown(state.outbox, conversation, entries));
  const outbox = state.outbox.filter((unsent) =>
    unsent.conversation !== conversation || kept.has(unsent) || !unsent.position);
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** A last page that does not touch what is known would leave a gap: it replaces it. */
function overlaps(known: Entry[], page: Entry[]): boolean {
  const last = known.at(-1), first = page[0];
  return !!last && !!first && compare(first.position, last.position) <= 0;
}
