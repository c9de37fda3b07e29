// One entry of a log. Everything that anybody wrote is a text node.

import { useDesk } from "./context";
import { FileRow } from "./file";
import { Icon, type IconName } from "./icons";
import type { Choice, Delivery, Entry, EventEntry, Handoff, InEntry, Message, NoteEntry, OutEntry } from "./protocol";
import { key, type Unsent } from "./state";
import { say, time, type Key } from "./words";
import { together } from "../ui/text";

interface Frame { me: string; handoff: Handoff; retried: string[]; busy: string[] }

export function EntryView({ entry, joined, frame }: { entry: Entry; joined: boolean; frame: Frame }) {
  switch (entry.kind) {
    case "in": return <FromCustomer entry={entry} joined={joined} name={frame.handoff.customer} />;
    case "out": return <FromUs entry={entry} joined={joined} frame={frame} />;
    case "note": return <Note entry={entry} />;
    case "event": return <Event entry={entry} />;
    default: return null; // a kind that a newer server knows
  }
}

function FromCustomer({ entry, joined, name }: { entry: InEntry; joined: boolean; name: string }) {
  return (
    <li class={"said-by customer" + (joined ? " joined" : "")}>
      <p class="who">{name}</p>
      <div class="bubble">
        {entry.did === "press" && <p class="pressed"><Icon name="button" />{say("pressed")}</p>}
        {entry.text && <p class="said">{entry.text}</p>}
        {!entry.text && !entry.files?.length && <p class="said">{say(entry.did === "location" ? "place" : entry.did === "contact" ? "contact" : "wordless")}</p>}
        {entry.files?.map((file) => <FileRow key={file.i} file={file} />)}
        <p class="meta">{entry.did === "edited" && <>{say("edited")} · </>}<time dateTime={entry.at}>{time(entry.at)}</time></p>
      </div>
    </li>
  );
}

function FromUs({ entry, joined, frame }: { entry: OutEntry; joined: boolean; frame: Frame }) {
  const bot = entry.by === "bot";
  const mine = entry.by === frame.me;
  return (
    <li class={"said-by ours " + (bot ? "bot" : mine ? "mine" : "colleague") + (joined ? " joined" : "")}>
      <p class="who">{bot && <Icon name="bot" />}{bot ? say("bot") : mine ? say("you") : entry.by}</p>
      <div class={"bubble" + (entry.delivery?.state === "failed" ? " failed" : "")}>
        <Text message={entry.message} />
        {entry.message.f?.map((file) => <FileRow key={file.i} file={file} />)}
        <p class="meta"><time dateTime={entry.at}>{time(entry.at)}</time><Mark delivery={entry.delivery} /></p>
      </div>
      <Offered choices={entry.message.c ?? []} />
      {entry.delivery?.state === "failed" && <Failed entry={entry} why={entry.delivery.why ?? ""} frame={frame} />}
    </li>
  );
}

const SAFE = /^(https?:|mailto:|tel:)/i;

function Text({ message }: { message: Message }) {
  const nodes: preact.VNode[] = [];
  let items: preact.VNode[] = [];
  const flush = () => {
    if (items.length) nodes.push(<ul>{items}</ul>);
    items = [];
  };
  for (const block of message.b ?? []) {
    const spans = block.s.map((span) =>
      span.l && SAFE.test(span.l) ? <a href={span.l} target="_blank" rel="noopener noreferrer">{span.t}</a>
        : span.b ? <strong>{together(span.t)}</strong> : together(span.t));
    if (block.k === 1) items.push(<li>{spans}</li>);
    else {
      flush();
      nodes.push(<p class="said">{spans}</p>);
    }
  }
  flush();
  return <>{nodes}</>;
}

/** The buttons that the customer was offered: seen here, pressed only by him. */
function Offered({ choices }: { choices: Choice[] }) {
  if (!choices.length) return null;
  return (
    <ul class="offered" aria-label={say("offered")}>
      {choices.map((choice) => <li>{choice.l}</li>)}
    </ul>
  );
}

function Mark({ delivery }: { delivery: Delivery | undefined }) {
  if (!delivery || delivery.state === "failed") return null;
  const sent = delivery.state === "sent";
  return <span class="mark"><Icon name={sent ? "check" : "clock"} />{say(sent ? "delivered" : "delivering")}</span>;
}

const reasons: Record<string, Key> = { blocked: "whyBlocked", unreachable: "whyUnreachable", too_long: "whyTooLong", file: "whyFile" };

function Failed({ entry, why, frame }: { entry: OutEntry; why: string; frame: Frame }) {
  const desk = useDesk();
  const { handoff } = frame;
  const again = frame.retried.includes(`${handoff.conversation} ${entry.position}`);
  const held = handoff.state === "held" && handoff.held_by?.name === frame.me;
  return (
    <p class="trouble">
      <Icon name="warn" /><span>{say("notDelivered", { why: say(reasons[why] ?? "whyUnknown") })}</span>
      {again ? <span class="again">{say("sentAgain")}</span> : held && (
        <button type="button" class="text" disabled={frame.busy.includes(key("retry " + entry.position, handoff))}
          onClick={() => void desk.retry(handoff, entry.position)}>{say("retry")}</button>
      )}
    </p>
  );
}

function Note({ entry }: { entry: NoteEntry }) {
  return (
    <li class="note">
      <p class="who"><Icon name="lock" />{say("noteBy", { by: entry.by })}</p>
      <p class="said">{entry.text}</p>
      <p class="meta"><time dateTime={entry.at}>{time(entry.at)}</time></p>
    </li>
  );
}

const eventIcons: Record<EventEntry["did"], IconName> = { called: "call", taken: "hand", returned: "returned", closed: "check", left: "returned", filed: "check" };

function Event({ entry }: { entry: EventEntry }) {
  return (
    <li class="event">
      <Icon name={eventIcons[entry.did] ?? "chat"} />
      <span>{eventText(entry)}</span> {entry.text && <a href={"#cases/" + entry.text}>{say("eventCase")}</a>} <time class="meta" dateTime={entry.at}>{time(entry.at)}</time>
    </li>
  );
}

export function eventText({ did, by, text = "" }: EventEntry): string {
  const whom = by && by !== "bot" ? by : say("someone");
  switch (did) {
    case "called": return say("eventCalled");
    case "taken": return say("eventTaken", { by: whom });
    case "returned": return say("eventReturned", { by: whom });
    case "closed": return say("eventClosed", { by: whom });
    case "left": return say("eventLeft");
    case "filed": return say("eventFiled", { number: text });
    default: return did;
  }
}

/** A message of ours that the log does not have yet. */
export function UnsentView({ unsent }: { unsent: Unsent }) {
  const desk = useDesk();
  const state = unsent.position ? "accepted" : unsent.state;
  const [code, by] = unsent.error.split(" ");
  const trouble = state === "refused" && (
    <p class="trouble">
      <Icon name="warn" />
      <span>
        {code === "not_holder" ? say("refusedNotHolder", { by: by || say("colleague") })
          : code === "too_long" ? say("refusedTooLong") : code === "unknown_file" ? say("refusedFile") : say("refused")}
      </span>
      <button type="button" class="text" onClick={() => desk.mail.again(unsent.id)}>{say("retry")}</button>
      <button type="button" class="text" onClick={() => desk.withdraw(unsent)}>{say("toField")}</button>
    </p>
  );
  const mark = <span class="mark"><Icon name="clock" />{say(state === "late" ? "late" : state === "refused" ? "unsent" : "sending")}</span>;
  if (unsent.kind === "note") {
    return (
      <li class="note" data-unsent={state}>
        <p class="who"><Icon name="lock" />{say("noteBy", { by: say("you") })}</p>
        <p class="said">{unsent.text}</p>
        <p class="meta">{mark}</p>
        {trouble}
      </li>
    );
  }
  return (
    <li class="said-by ours mine" data-unsent={state}>
      <p class="who">{say("you")}</p>
      <div class={"bubble" + (state === "refused" ? " failed" : "")}>
        {unsent.text && <p class="said">{unsent.text}</p>}
        {unsent.files.map((file) => <FileRow key={file.i} file={file} />)}
        <p class="meta"><time dateTime={unsent.at}>{time(unsent.at)}</time>{mark}</p>
      </div>
      <Offered choices={unsent.choices.map((label) => ({ l: label }))} />
      {trouble}
    </li>
  );
}
