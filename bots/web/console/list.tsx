// The list: who waits, my dialogs, my colleagues'.

import { focusComposer } from "./focus";
import { useDesk } from "./context";
import { Icon, type IconName } from "./icons";
import type { Handoff } from "./protocol";
import { age, unread, waited } from "./queue";
import { key, type State } from "./state";
import { moment, say, type Key } from "./words";

export function List({ state }: { state: State }) {
  const { queue } = state;
  return (
    <nav class="list" aria-label={say("dialogs")}>
      {!queue && <p class="empty" role="status">{say("loading")}</p>}
      {queue && (
        <>
          <Section state={state} kind="waiting" title="waiting" handoffs={queue.waiting}>
            <p class="empty">
              {queue.open ? say("noneWaiting")
                : say("deskClosed", { at: queue.opens_at ? moment(queue.opens_at, state.now) : say("later") })}
            </p>
          </Section>
          <Section state={state} kind="mine" title="mine" handoffs={queue.mine}>
            <p class="empty">{say(queue.waiting.length ? "noneMineTake" : "noneMine")}</p>
          </Section>
          {queue.others.length > 0 && <Section state={state} kind="others" title="others" handoffs={queue.others} />}
        </>
      )}
    </nav>
  );
}

function Section({ state, kind, title, handoffs, children }: {
  state: State; kind: "waiting" | "mine" | "others"; title: Key; handoffs: Handoff[]; children?: preact.ComponentChildren;
}) {
  return (
    <section class={kind}>
      <h2>{say(title)} {handoffs.length > 0 && <span class="count">{handoffs.length}</span>}</h2>
      {handoffs.length === 0 ? children : (
        <ul>{handoffs.map((handoff) => <Row key={handoff.id} state={state} handoff={handoff} kind={kind} />)}</ul>
      )}
    </section>
  );
}

function Row({ state, handoff, kind }: { state: State; handoff: Handoff; kind: "waiting" | "mine" | "others" }) {
  const desk = useDesk();
  const current = state.selected?.id === handoff.id;
  const draft = state.drafts[handoff.conversation];
  const stuck = state.outbox.some((unsent) => unsent.conversation === handoff.conversation && unsent.state !== "sending" && !unsent.position);
  const fresh = current && !document.hidden ? 0 : unread(handoff, state.seen);
  return (
    <li class="row" data-age={kind === "waiting" ? age(handoff.since, state.now) : undefined}>
      <button type="button" class="open" id={current ? "current" : undefined} aria-current={current ? "true" : undefined}
        onClick={() => desk.select(handoff)}>
        <Channel name={handoff.channel} />
        <span class="name">{handoff.customer}</span>
        {kind === "waiting" ? <Waiting since={handoff.since} now={state.now} />
          : <span class="when">{moment(handoff.since, state.now)}</span>}
        <span class="last">
          {stuck ? <em class="stuck">{say("rowUnsent")}</em> : !current && (draft?.reply || draft?.note) ? <em>{say("rowDraft")} </em> : null}
          {kind === "others" && handoff.held_by ? <em>{handoff.held_by.name}: </em> : null}
          {handoff.topic}
        </span>
        {kind === "mine" && fresh > 0 && <span class="badge"><span class="unseen">{say("unread")} </span>{fresh > 99 ? "99+" : fresh}</span>}
      </button>
      {kind === "waiting" && (
        <button type="button" class="take" disabled={state.busy.includes(key("take", handoff))}
          aria-label={say("takeName", { name: handoff.customer })}
          onClick={() => void desk.take(handoff).then(() => { if (!matchMedia("(pointer: coarse)").matches) focusComposer(); })}>
          {say("take")}
        </button>
      )}
    </li>
  );
}

const channels: Record<string, [IconName, Key]> = { web: ["window", "channelWeb"], tg: ["plane", "channelTelegram"], telegram: ["plane", "channelTelegram"] };

export function channelName(name: string): string {
  const known = channels[name];
  return known ? say(known[1]) : name;
}

export function Channel({ name }: { name: string }) {
  return (
    <span class="channel" title={channelName(name)}>
      <Icon name={channels[name]?.[0] ?? "chat"} />
      <span class="unseen">{channelName(name)}</span>
    </span>
  );
}

/** How long somebody has waited: in words, a mark and a colour. */
export function Waiting({ since, now }: { since: string; now: number }) {
  const old = age(since, now);
  const wait = waited(since, now);
  const text = wait.unit === "now" ? say("waitNow")
    : wait.unit === "minutes" ? say("waitMinutes", { n: wait.n }) : say("waitHours", { n: wait.n, minutes: wait.minutes });
  return (
    <span class="wait" data-age={old}>
      {old !== "fresh" && <Icon name={old === "overdue" ? "warn" : "clock"} />}
      <span class="unseen">{say("waits")} </span>{text}
    </span>
  );
}
