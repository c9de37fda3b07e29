// One answer for everybody: written briefly and apart from the letter, with what
// tells of a person marked in it (R-5.2.10-c, -d, -e).

import { useEffect, useRef, useState } from "preact/hooks";
import { Failure } from "../api";
import { useKept } from "../cases/drafts";
import { word } from "../cases/names";
import { Trouble, useDo, why } from "../people/parts";
import type { State } from "../state";
import { moment, say, type Key } from "../words";
import type { Dismissal, Excerpt, Finding, Publications, Sheet, Stage, Step } from "./api";

/** How long a writer rests before his text is looked at, in milliseconds. */
const REST = 600;
/** As long as a button, and as one message (core/knowledge). */
const MOST = { question: 60, answer: 1200 };

export const stageNames: Record<Stage, Key> = { proposed: "stageProposed", published: "stagePublished", refused: "stageRefused", retracted: "stageRetracted" };
const stepNames: Record<Step, Key> = { propose: "stepPropose", approve: "stepApprove", refuse: "stepRefuse", retract: "stepRetract" };
const kindNames: Record<string, Key> = {
  name: "findName", phone: "findPhone", email: "findEmail", account: "findAccount", address: "findAddress", meter: "findMeter", contract: "findContract",
  document: "findDocument", birth: "findBirth", card: "findCard", inn: "findTax", bank: "findBank", plate: "findPlate", nick: "findNick", number: "findNumber",
};

interface Props { state: State; publications: Publications; number: string; leave: () => void }

export function SheetPage({ state, publications, number, leave }: Props) {
  const [sheet, setSheet] = useState<Sheet>();
  const [failed, setFailed] = useState("");
  const read = async () => {
    try {
      setSheet(await publications.one(number));
      setFailed("");
    } catch (error) {
      setFailed(why(error));
    }
  };
  useEffect(() => void read(), [state.caseNews]);
  return (
    <section class="publication" aria-label={number}>
      <p><button type="button" class="text" onClick={leave}>{say("publicationsBack")}</button></p>
      <div class="line"><h2>{say("publicationOf", { number })}</h2> {sheet?.publication && <span class="tag" role="status">{say(stageNames[sheet.publication.stage])}</span>}</div>
      {state.staff?.may.includes("cases.see") && <p><a href={"#cases/" + number}>{say("publicationCase")}</a></p>}
      <Trouble text={failed} />
      {!sheet && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {sheet && (sheet.steps.includes("propose") ? <Editor staff={state.staff?.id ?? 0} sheet={sheet} publications={publications} show={setSheet} /> : <Reader staff={state.staff?.id ?? 0} sheet={sheet} publications={publications} show={setSheet} now={state.now} />)}
    </section>
  );
}

interface Part { staff: number; sheet: Sheet; publications: Publications; show: (next: Sheet) => void }

/** Keeps reasons by what they are for, and takes a step with them. */
function useSteps({ staff, sheet, publications, show }: Part) {
  const [{ reasons }, keep, forget] = useKept(staff, sheet.number, "publish-reasons", { reasons: {} as Record<string, string> });
  const setReasons = (next: Record<string, string>) => keep({ reasons: next });
  const [found, setFound] = useState<Finding[]>(sheet.findings ?? []);
  const { busy, error, run } = useDo();
  const click = useRef(crypto.randomUUID());
  const dismissed = (): Dismissal[] => unique(found).map(({ kind, words }) => ({ kind, words, reason: (reasons[kind + words] ?? "").trim() })).filter(({ reason }) => reason);
  const take = (step: Step, reason: string, excerpt: Partial<Excerpt> = {}, taken?: () => void) => run(async () => {
    try {
      const next = await publications.take(sheet.number, { id: click.current, revision: sheet.revision, step, reason, dismissed: dismissed(), ...excerpt });
      click.current = crypto.randomUUID();
      forget();
      taken?.();
      show(next);
    } catch (failure) {
      if (!(failure instanceof Failure) || failure.passing) throw failure; // the same click may be sent again
      click.current = crypto.randomUUID();
      if (Array.isArray(failure.body.findings)) setFound(failure.body.findings as Finding[]);
      throw failure; // it says why
    }
  });
  return { reasons, setReasons, found, setFound, dismissed, busy, error, take };
}

const unique = (list: Finding[]): Finding[] => list.filter((one, i) => list.findIndex(({ kind, words }) => kind === one.kind && words === one.words) === i);

/** Who proposes writes both texts anew: nothing is taken over from the letter. */
function Editor(part: Part) {
  const { staff, sheet, publications } = part;
  const old = sheet.publication;
  const [text, change, forget] = useKept<Excerpt>(staff, sheet.number, "publish", {
    section: old?.section ?? "", audience: old?.audience ?? (sheet.audience || "both"), lang: old?.lang ?? (sheet.lang || "ru"),
    question: old?.question ?? "", answer: old?.answer ?? "",
  });
  const steps = useSteps(part);
  useEffect(() => {
    if (!text.question && !text.answer) return steps.setFound([]);
    const timer = setTimeout(() => void publications.look(sheet.number, text, []).then(({ findings }) => steps.setFound(findings), () => undefined), REST);
    return () => clearTimeout(timer);
  }, [text.question, text.answer]);
  const set = (name: keyof Excerpt) => (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value });
  const certain = steps.found.some((one) => one.certain);
  return (
    <form onSubmit={(event) => { event.preventDefault(); void steps.take("propose", "", text, forget); }}>
      {old && <p class="meta">{say(old.stage === "refused" ? "publicationWasRefused" : "publicationWasRetracted", { reason: old.reason || "–" })}</p>}
      <p class="meta">{say("publicationHow")}</p>
      <label>{say("publicationQuestion")} <Room text={text.question} most={MOST.question} />
        <input required value={text.question} maxLength={MOST.question} onInput={set("question")} />
      </label>
      <label>{say("publicationAnswer")} <Room text={text.answer} most={MOST.answer} />
        <textarea required rows={8} value={text.answer} maxLength={MOST.answer} onInput={set("answer")} />
      </label>
      <div class="line">
        <label>{say("publicationSection")}
          <select required value={text.section} onChange={set("section")}>
            <option value="">{say("choose")}</option>
            {sheet.sections.map(({ code, name }) => <option key={code} value={code}>{word(name)}</option>)}
          </select>
        </label>
        <label>{say("publicationAudience")}
          <select value={text.audience} onChange={set("audience")}>
            <option value="both">{say("audienceBoth")}</option><option value="fl">{say("audienceFl")}</option><option value="ul">{say("audienceUl")}</option>
          </select>
        </label>
        <label>{say("publicationLang")}
          <select value={text.lang} onChange={set("lang")}><option value="ru" lang="ru">Русский</option><option value="en" lang="en">English</option></select>
        </label>
      </div>
      {(text.question || text.answer) && <Findings found={steps.found} second={false} reasons={steps.reasons} set={steps.setReasons} />}
      <Trouble text={steps.error} />
      <p class="buttons"><button type="submit" class="act" disabled={steps.busy || certain}>{say("stepPropose")}</button></p>
      {certain && <p class="meta">{say("publicationCertain")}</p>}
    </form>
  );
}

function Room({ text, most }: { text: string; most: number }) {
  return <span class="count">{[...text].length} / {most}</span>;
}

/** The second pair of eyes: reads, decides about each finding, and takes a step. */
function Reader({ now, ...part }: Part & { now: number }) {
  const { sheet } = part;
  const [reason, setReason] = useState("");
  const steps = useSteps(part);
  const one = sheet.publication;
  if (!one) return <p class="empty">{say("publicationNone")}</p>;
  const approves = sheet.steps.includes("approve");
  const against = sheet.steps.find((step) => step === "refuse" || step === "retract");
  return (
    <>
      <article class="excerpt">
        <h3><Marked text={one.question} found={steps.found.filter(({ field }) => field === "question")} /></h3>
        <p class="said"><Marked text={one.answer} found={steps.found.filter(({ field }) => field === "answer")} /></p>
        <p class="meta">{[word(sheet.sections.find(({ code }) => code === one.section)?.name), say(one.audience === "fl" ? "audienceFl" : one.audience === "ul" ? "audienceUl" : "audienceBoth")].join(", ")}</p>
        <p class="meta">{one.stage === "proposed" ? say("publicationBy", { name: one.by?.name ?? "–", at: moment(one.at, now) })
          : say("publicationDecided", { what: say(stageNames[one.stage]), by: one.by?.name ?? "–", name: one.decided?.name ?? "–", at: moment(one.at, now) })}</p>
        {one.reason && <p class="meta">{say("publicationReason", { reason: one.reason })}</p>}
      </article>
      {approves && <Findings found={steps.found} second reasons={steps.reasons} set={steps.setReasons} />}
      {against && <label>{say(against === "retract" ? "publicationWhyRetract" : "publicationWhyRefuse")}<input value={reason} maxLength={1000} onInput={(event) => setReason(event.currentTarget.value)} /></label>}
      <Trouble text={steps.error} />
      <p class="buttons">
        {sheet.steps.map((step) => (
          <button key={step} type="button" class={step === "approve" ? "act" : "quiet"} disabled={steps.busy || (step === "refuse" || step === "retract") && !reason.trim()}
            onClick={() => void steps.take(step, reason)}>{say(stepNames[step])}</button>
        ))}
      </p>
      {against && !reason.trim() && <p class="meta">{say(against === "retract" ? "publicationNeedsRetract" : "publicationNeedsRefuse")}</p>}
      {sheet.steps.length === 0 && <p class="meta">{say(one.stage === "proposed" ? "publicationOtherEyes" : "publicationNothing")}</p>}
    </>
  );
}

/** A text with its findings marked. The server counts bytes of UTF-8. */
function Marked({ text, found }: { text: string; found: Finding[] }) {
  const bytes = new TextEncoder().encode(text);
  const cut = (from: number, to: number) => new TextDecoder().decode(bytes.slice(from, to));
  let at = 0;
  return (
    <>
      {found.map((one) => {
        const before = cut(at, one.start);
        at = one.end;
        return <>{before}<mark data-certain={one.certain ? "" : undefined}>{one.words}</mark></>;
      })}
      {cut(at, bytes.length)}
    </>
  );
}

function Findings({ found, second, reasons, set }: { found: Finding[]; second: boolean; reasons: Record<string, string>; set: (next: Record<string, string>) => void }) {
  if (found.length === 0) return <p class="good" role="status">{say("findNothing")}</p>;
  return (
    <fieldset class="findings">
      <legend>{say("findTitle")}</legend>
      <p class="meta">{say(second ? "findSecond" : "findFirst")}</p>
      <ul>
        {unique(found).map((one) => (
          <li key={one.kind + one.words} data-certain={one.certain ? "" : undefined}>
            <strong>«{one.words}»</strong> <span class="tag">{say(kindNames[one.kind] ?? "findNumber")}</span>
            {one.certain && <span class="tag bad">{say("findCertain")}</span>}
            {(second || !one.certain) && (
              <label>{say("findReason")}
                <input value={reasons[one.kind + one.words] ?? ""} maxLength={300} onInput={(event) => set({ ...reasons, [one.kind + one.words]: event.currentTarget.value })} />
              </label>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
