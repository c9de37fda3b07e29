// Links: which chats see an account, for whoever may end one that is not its customer's.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { channelName } from "../list";
import type { State } from "../state";
import { moment, say } from "../words";
import type { ChatLink, Linked } from "./admin";
import { Trouble, useDo } from "./parts";

/** As long as the server asks for: see api.md. */
const leastReason = 5, mostReason = 300;

export function LinksPage({ state }: { state: State }) {
  const { admin } = useDesk();
  const [number, setNumber] = useState("");
  const [found, setFound] = useState<Linked>();
  const [ended, setEnded] = useState(false);
  const { busy, error, run } = useDo();
  const find = () => run(async () => {
    setEnded(false);
    setFound(undefined);
    setFound(await admin.links(number));
  });
  const gone = (id: number) => {
    setEnded(true);
    if (found) setFound({ ...found, links: found.links.filter((link) => link.id !== id) });
  };
  return (
    <main class="page" id="page" tabIndex={-1}>
      <h2>{say("links")}</h2>
      <p class="meta">{say("linksText")}</p>
      <form class="line" onSubmit={(event) => { event.preventDefault(); void find(); }}>
        <label>{say("linksNumber")} <input id="links-number" type="search" autocomplete="off" maxLength={40} required value={number}
          onInput={(event) => setNumber(event.currentTarget.value)} /></label>
        <button class="quiet" disabled={busy}>{say("linksFind")}</button>
      </form>
      <Trouble text={error} />
      <p class="meta" role="status">{ended ? say("linksEnded") : ""}</p>
      {found && <h3>{say("linksOf", { account: found.account })}</h3>}
      {found && found.links.length === 0 && <p class="empty">{say("linksNone")}</p>}
      <ul class="rows links">
        {found?.links.map((link) => <LinkRow key={link.id} link={link} now={state.now} gone={() => gone(link.id)} />)}
      </ul>
    </main>
  );
}

function LinkRow({ link, now, gone }: { link: ChatLink; now: number; gone: () => void }) {
  const { admin } = useDesk();
  const [asking, ask] = useState(false);
  const [reason, setReason] = useState("");
  const { busy, error, run } = useDo();
  const end = () => run(async () => {
    await admin.endLink(link.id, reason);
    gone();
  });
  const field = `reason-${link.id}`;
  return (
    <li>
      <span class="what">
        <strong>{channelName(link.channel)}, {link.chat}</strong>
        <span class="meta">
          {say("linksSince", { at: moment(link.since, now) })}, {say("linksUsed", { at: moment(link.used, now) })}
          {link.from ? `, ${say("linksFrom", { channel: channelName(link.from) })}` : ""}
        </span>
      </span>
      {!asking && <button type="button" class="quiet" onClick={() => ask(true)}>{say("linksEnd")}</button>}
      {asking && (
        <form class="ending" onSubmit={(event) => { event.preventDefault(); void end(); }}>
          <label for={field}>{say("linksReason")}</label>
          <input id={field} autocomplete="off" required minLength={leastReason} maxLength={mostReason} value={reason}
            ref={(input) => { if (input && reason === "") input.focus(); }} onInput={(event) => setReason(event.currentTarget.value)} />
          <p class="meta">{say("linksEndText")}</p>
          <span class="buttons">
            <button class="act" disabled={busy || reason.trim().length < leastReason}>{say("linksEndNow")}</button>
            <button type="button" class="quiet" onClick={() => ask(false)}>{say("linksKeep")}</button>
          </span>
          <Trouble text={error} />
        </form>
      )}
    </li>
  );
}
