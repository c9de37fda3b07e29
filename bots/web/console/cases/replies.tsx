// The answers of a case as documents, and what became of each by each way.

import { useState } from "preact/hooks";
import { saveAs } from "../../ui/picture";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { Trouble, useDo } from "../people/parts";
import { moment, say, type Key } from "../words";
import { fresh, refused } from "./actions";
import type { Book, Case, Done, Reply, Sending, Way } from "./api";
import { FileLine } from "./file";
import { word } from "./names";

const states: Record<Sending["state"], Key> = { queued: "sendingQueued", sent: "sendingSent", failed: "sendingFailed" };
const reasons: Record<string, Key> = { blocked: "whyBlocked", deactivated: "whyUnreachable", "chat not found": "whyUnreachable", forbidden: "whyUnreachable", not_found: "whyUnreachable", unreachable: "whyUnreachable", too_long: "whyTooLong", file: "whyFile" };

export function Replies({ one, book, now, show }: { one: Case; book: Book; now: number; show: (next: Done) => void }) {
  if (one.replies.length === 0) return null;
  return (
    <section class="part replies">
      <h3>{say("replies")}</h3>
      {one.replies.map((reply) => <ReplyView key={reply.id} one={one} reply={reply} paper={book.paper} now={now} show={show} />)}
    </section>
  );
}

function ReplyView({ one, reply, paper, now, show }: { one: Case; reply: Reply; paper: boolean; now: number; show: (next: Done) => void }) {
  const { cases } = useDesk();
  const { busy, error, run } = useDo();
  const [sure, setSure] = useState("");
  const may = (event: string) => one.possible.includes(event);
  const carry = (event: string, way: string, again = false, answers: Record<string, string[]> = {}) => void run(async () => {
    const id = fresh();
    try {
      show(await cases.do(one.number, { id, revision: one.revision, event, reply: reply.id, way, again, answers }));
      setSure("");
    } catch (failure) {
      const now = refused(failure).case;
      if (now) show(now); // a colleague was faster
      throw failure;
    }
  });
  return (
    <details open={reply.id === one.reply} class="reply">
      <summary>
        <strong>{say(reply.final ? "replyNumber" : "replyDraft", { number: reply.id })}</strong>{" "}
        <span class="meta">{reply.by.name}, {moment(reply.final ?? reply.at, now)}</span>
      </summary>
      <Letter text={reply.text} />
      {reply.files.map((file, i) => (
        <FileLine key={file.id} name={file.name} type={file.type} note={file.lost ? say("fileLost") : ""} fetch={() => cases.enclosure(one.number, reply.nth, i + 1)} />
      ))}
      {paper && <p><button type="button" class="text" disabled={busy} onClick={() => void run(async () => saveAs(await cases.paper(one.number, reply.nth), reply.id.replace("/", "-") + ".pdf"))}><Icon name="file" />{say("replyPaper")}</button></p>}
      <ul class="sendings">
        {reply.sent.map((sending) => (
          <li key={sending.way + sending.attempt} data-state={sending.state}>
            <Icon name={sending.state === "sent" ? "check" : sending.state === "failed" ? "warn" : "clock"} />
            <span>{word(sending.name)}: {sending.until ? say("sendingUntil", { at: moment(sending.until, now) }) : <>{say(sending.by_hand ? "sendingByHand" : states[sending.state])}, {moment(sending.at, now)}</>}{sending.state === "failed" && `. ${say("sendingWhy", { why: say(reasons[sending.why] ?? "whyUnknown") })}`}</span>
            {sending.by_hand && may("posted") && <button type="button" class="quiet" disabled={busy} onClick={() => carry("posted", sending.way)}>{say("sendingPosted")}</button>}
            {sending.again && may("resend") && <button type="button" class="quiet" disabled={busy} onClick={() => carry("resend", sending.way)}>{say("sendingAgain")}</button>}
            {sending.more && may("resend") && (sure !== sending.way
              ? <button type="button" class="text" onClick={() => setSure(sending.way)}>{say("sendingMore")}</button>
              : (
                <span class="sure">
                  {say("sendingSure")}{" "}
                  <button type="button" class="quiet" disabled={busy} onClick={() => carry("resend", sending.way, true)}>{say("sendingAgain")}</button>{" "}
                  <button type="button" class="text" onClick={() => setSure("")}>{say("cancel")}</button>
                </span>
              ))}
          </li>
        ))}
      </ul>
      {may("resend") && reply.ways.length > 0 && <p class="lack">{say("sendingLost")}</p>}
      {may("resend") && reply.ways.map((way) => <OtherWay key={way.code} way={way} busy={busy} send={(to) => carry("resend", way.code, true, { [way.field]: [to] })} />)}
      <Trouble text={error} />
    </details>
  );
}

/** A way that is not the chat, with the address that the customer has said, or says by phone. */
function OtherWay({ way, busy, send }: { way: Way; busy: boolean; send: (to: string) => void }) {
  const [to, setTo] = useState(way.to);
  const submit = (event: Event) => {
    event.preventDefault();
    send(to.trim());
  };
  return (
    <form class="other-way" onSubmit={submit}>
      <label>{word(way.name)} <input type="text" inputMode={way.field === "email" ? "email" : "text"} required value={to} onInput={(event) => setTo(event.currentTarget.value)} /></label>{" "}
      <button class="quiet" disabled={busy || !to.trim()}>{say("sendingOther")}</button>
    </form>
  );
}

/** A letter as the customer will read it: its paragraphs, on paper. */
export function Letter({ text }: { text: string }) {
  return <div class="letter">{text.split(/\n{2,}/).map((paragraph, i) => <p key={i} class="said">{paragraph}</p>)}</div>;
}
