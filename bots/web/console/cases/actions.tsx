// What may be done about a case now, and the form of what somebody has chosen.
// The server says which actions there are; here they are put in order.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Failure } from "../api";
import { focusOn } from "../focus";
import { Trouble, useDo, why } from "../people/parts";
import type { State } from "../state";
import { say } from "../words";
import { instantOf } from "../zone";
import type { Book, Case, Do, Done, Text } from "./api";
import { typedOf, useTyped, type Typed } from "./drafts";
import { early, Fields, fieldsOf, leads, ready, vacant } from "./fields";
import { buttonOf, hintOf, known, word } from "./names";
import { useTwin } from "./twin";

/** What leads a case on, in each state: these buttons stand out. */
const onward: Record<string, string[]> = {
  registered: ["take", "route"], need_info: ["clarify"], routed: ["accept"], in_work: ["prepare", "propose"],
  scheduling: ["agree"], scheduled: ["prepare"], prepared: ["answer"], answered: ["close"],
};
/** What is done seldom stands behind «Ещё». */
const rare = ["hand", "name", "clear", "reclassify", "locate", "notify", "extend", "duplicate", "off_topic", "withdraw", "write", "reopen"];
/** What needs nothing more than the press. */
const atOnce = ["take", "accept"];

export function Actions({ state, book, one, show }: { state: State; book: Book; one: Case; show: (next: Done) => void }) {
  const { cases } = useDesk();
  const staff = state.staff?.id ?? 0;
  const [open, setOpen] = useState("");
  const [more, setMore] = useState(false); // on a narrow page also what stands in the row on a wide one
  const { busy, error, run } = useDo();
  const possible = one.possible.filter(known);
  const first = (early(one, state.now) ? ["agree"] : onward[one.state] ?? []).filter((event) => possible.includes(event));
  // Nothing has to be entered where everything is known.
  const seldom = (event: string) => rare.includes(event) || event === "clarify" && !one.answers.some(({ missing, unsure }) => missing || unsure);
  const rest = possible.filter((event) => !first.includes(event) && !seldom(event));
  const last = possible.filter((event) => !first.includes(event) && seldom(event));
  const drafts = typedOf(staff, one.number, possible);
  const leave = () => {
    setOpen("");
    setMore(false);
  };
  const press = (event: string) => {
    if (!atOnce.includes(event)) {
      setOpen(open === event ? "" : event);
      focusOn("case-form");
      return;
    }
    void run(async () => {
      try {
        show(await cases.do(one.number, { id: fresh(), revision: one.revision, event }));
      } catch (failure) {
        const now = refused(failure).case;
        if (now) show(now); // a colleague was faster
        throw failure;
      }
    });
  };
  const button = (event: string, look: string) => (
    <button key={event} type="button" class={look} aria-expanded={atOnce.includes(event) ? undefined : open === event} disabled={busy} onClick={() => press(event)}>
      {buttonOf(event)}{drafts.includes(event) && <span class="draft" title={say("caseDraft")}> ✎<span class="unseen">{say("caseDraft")}</span></span>}
    </button>
  );
  // What somebody has begun to type stays open, though a colleague was faster.
  const shown = open && (possible.includes(open) || typedOf(staff, one.number, [open]).length > 0) ? open : "";
  return (
    <section class="actions" data-more={more ? "" : undefined} aria-label={say("caseActions")}>
      {possible.length === 0 && !one.tasks.some(({ own }) => own) && <p class="meta">{say("caseNoActions")}</p>}
      <div class="buttons">
        {first.map((event, i) => button(event, i === 0 ? "act" : "quiet"))}
        {rest.map((event, i) => button(event, first.length + i < 1 ? "quiet" : "quiet roomy"))}
        {last.length + rest.length > 0 && <button type="button" class={last.length > 0 ? "quiet more" : "quiet more narrow"} aria-expanded={more} onClick={() => setMore(!more)}>{say(more ? "caseLess" : "caseMore")}</button>}
      </div>
      {more && <div class="buttons seldom">{last.map((event) => button(event, "quiet"))}</div>}
      <Trouble text={error} />
      {shown && <Form key={shown} staff={staff} book={book} one={one} event={shown} allowed={possible.includes(shown)} show={show} leave={leave} />}
    </section>
  );
}

function Form({ staff, book, one, event, allowed, show, leave }: {
  staff: number; book: Book; one: Case; event: string; allowed: boolean; show: (next: Done) => void; leave: () => void;
}) {
  const desk = useDesk();
  const { cases } = desk;
  const [typed, change, forget] = useTyped(staff, one.number, event);
  const twin = useTwin(`${one.number}/${event}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [flaws, setFlaws] = useState<Record<string, string>>({});
  const fields = fieldsOf(event, typed, one, desk.now());
  const send = async (submit: Event) => {
    submit.preventDefault();
    if (busy || !ready(fields, event, typed, one)) return;
    setBusy(true);
    setError("");
    setFlaws({});
    const id = typed.id || fresh();
    try {
      let { reply } = typed;
      change({ id });
      if (fields.includes("letter")) {
        reply = (await cases.save(one.number, draftOf(one, event, reply), typed.text, (typed.files ?? []).map((file) => file.id))).id;
        change({ reply });
      }
      const next = await cases.do(one.number, { ...said(fields, typed, one, reply), id, revision: one.revision, event });
      forget();
      leave();
      show(next);
      focusOn("page");
      document.querySelector(".case")?.scrollTo({ top: 0 }); // its state says that it is done
    } catch (failure) {
      // What was refused was not done: the next try is another deed.
      if (failure instanceof Failure && failure.status && failure.status < 500) change({ id: "" });
      const body = refused(failure);
      if (body.case) show(body.case);
      setFlaws(Object.fromEntries(Object.entries(body.fields ?? {}).map(([name, text]) => [name, word(text)])));
      setError(why(failure));
    }
    setBusy(false);
  };
  const hint = hintOf(event);
  return (
    <form class="case-form" id="case-form" tabIndex={-1} aria-label={buttonOf(event)} onSubmit={(submit) => void send(submit)}
      onKeyDown={(press) => { if (press.key === "Enter" && (press.ctrlKey || press.metaKey)) void send(press); }}>
      <h3>{buttonOf(event)}</h3>
      {hint && <p class="meta">{hint}</p>}
      {twin && <p class="lack" role="status">{say("caseTwin")}</p>}
      {!allowed && <p class="trouble" role="alert">{say("caseNotNow")}</p>}
      <Fields fields={fields} event={event} book={book} one={one} typed={typed} change={change} flaws={flaws} own={staff} now={desk.now()} />
      <Trouble text={error} />
      <p class="buttons">
        <button class="act" disabled={busy || !allowed || !ready(fields, event, typed, one)}>{buttonOf(event)}</button>
        <button type="button" class="quiet" onClick={leave}>{say("caseLeaveForm")}</button>
        {(typed.note || typed.text) && <button type="button" class="text" onClick={forget}>{say("caseForget")}</button>}
      </p>
    </form>
  );
}

/** What comes with a refusal: the flaws of answers, and the case as it is now. */
export function refused(failure: unknown): { fields?: Record<string, Text>; case?: Case } {
  return failure instanceof Failure ? failure.body : {};
}

/** The draft that is written over: one's own of this form, or the one that lies
 * with the case; one that was given to the customer stays. */
function draftOf(one: Case, event: string, mine: string): string {
  const wanted = mine || (one.state === "prepared" && event !== "prepare" ? one.reply : "");
  const reply = one.replies.find(({ id }) => id === wanted);
  return reply && reply.final ? "" : wanted;
}

/** What was typed, as the server takes it: of the fields of this form alone. */
function said(fields: ReturnType<typeof fieldsOf>, typed: Typed, one: Case, reply: string): Partial<Do> {
  const has = (field: (typeof fields)[number]) => fields.includes(field);
  const answers = Object.entries(typed.answers).filter(([, value]) => value.trim()).map(([name, value]): [string, string[]] => [name, [value]]);
  return {
    ...(has("note") && typed.note.trim() && { note: typed.note.trim() }),
    ...(has("way") && { way: typed.way || one.contact.code }),
    ...(has("person") && { person: Number(typed.person) }),
    ...(has("category") && { category: typed.category }),
    ...(has("territory") && { territory: typed.territory }),
    ...(has("answers") && answers.length > 0 && { answers: Object.fromEntries(answers) }),
    ...(has("queue") && { queue: leads(typed, one), ...(vacant(typed, one) && { unmanned: typed.unmanned }) }),
    ...(has("waive") && typed.waive && { waive: true }),
    ...(has("letter") && { reply }),
    ...(has("links") && { links: typed.links.map(({ slug }) => slug) }),
    ...(has("addressee") && { addressee: typed.addressee }),
    ...(has("other") && { other: typed.other }),
    ...(has("day") && { day: typed.day }),
    ...(has("times") && { times: typed.times.filter(Boolean).map(instant) }),
    ...(has("time") && { time: instant(typed.times[0] ?? "") }),
    ...(has("action") && { action: Number(typed.action) || one.actions.find(({ finished }) => !finished)?.id || 0 }),
  };
}

/** What is typed is by the company's clocks; what is picked is an instant already. */
const instant = (time: string): string => time && (time.endsWith("Z") ? time : instantOf(time).toISOString());

/** 128 random bits. */
export function fresh(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
