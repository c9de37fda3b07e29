// What the customer has said, field by field, with what is missing: the
// checklist of completeness. Secret answers are shown for a reason that the
// audit keeps.

import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { Icon } from "../icons";
import { Trouble, useDo } from "../people/parts";
import { say } from "../words";
import type { Answer, Case, FileOf, Text } from "./api";
import { FileLine } from "./file";
import { word } from "./names";

export function Answers({ one }: { one: Case }) {
  const missing = one.answers.filter((answer) => answer.missing);
  const unsure = one.answers.filter((answer) => answer.unsure);
  const rest = one.files.filter((file) => !one.answers.some(({ files }) => files.some(({ id }) => id === file.id)));
  return (
    <section class="part answers">
      <h3>{say("answersTitle")}</h3>
      <p class={missing.length ? "check bad" : "check good"}>
        <Icon name={missing.length ? "warn" : "check"} />
        {missing.length ? say("checkMissing", { list: missing.map(({ label }) => word(label)).join(", ") }) : say("checkComplete")}
      </p>
      {unsure.length > 0 && <p class="check bad"><Icon name="warn" />{say("checkUnsure", { list: unsure.map(({ label }) => word(label)).join(", ") })}</p>}
      <dl>{one.answers.map((answer) => <Row key={answer.field} number={one.number} answer={answer} />)}</dl>
      {rest.length > 0 && <><h4>{say("filesMore")}</h4>{rest.map((file) => <File key={file.id} number={one.number} file={file} />)}</>}
    </section>
  );
}

function Row({ number, answer }: { number: string; answer: Answer }) {
  const [shown, setShown] = useState<Text[]>();
  const [asks, setAsks] = useState(false);
  return (
    <div data-missing={answer.missing ? "" : undefined}>
      <dt>{word(answer.label)}</dt>
      <dd>
        {answer.missing && <span class="lack">{say("answerMissing")}</span>}
        {(shown ?? answer.values).map((value, i) => <span key={i} class="said">{word(value)}</span>)}
        {answer.files.map((file) => <File key={file.id} number={number} file={file} />)}
        {answer.hidden && !shown && (
          <>
            <span class="mask" aria-label={say("secretHidden")}>••••••</span>{" "}
            {!asks && <button type="button" class="text" aria-label={`${say("secretShow")}: ${word(answer.label)}`} onClick={() => setAsks(true)}>{say("secretShow")}</button>}
          </>
        )}
        {shown && <button type="button" class="text" onClick={() => { setShown(undefined); setAsks(false); }}>{say("hide")}</button>}
        {asks && !shown && <Reveal number={number} answer={answer} show={setShown} leave={() => setAsks(false)} />}
      </dd>
    </div>
  );
}

function Reveal({ number, answer, show, leave }: { number: string; answer: Answer; show: (values: Text[]) => void; leave: () => void }) {
  const { cases } = useDesk();
  const [reason, setReason] = useState("");
  const { busy, error, run } = useDo();
  const id = "reason-" + answer.field;
  return (
    <form class="reveal" onSubmit={(event) => { event.preventDefault(); void run(async () => show((await cases.reveal(number, answer.field, reason)).values)); }}>
      <label for={id}>{say("secretReason")}</label>
      <input id={id} value={reason} required minLength={5} maxLength={300} autoFocus autocomplete="off" onInput={(event) => setReason(event.currentTarget.value)} />
      <Trouble text={error} />
      <p class="buttons">
        <button class="act" disabled={busy || reason.trim().length < 5}>{say("secretShow")}</button>
        <button type="button" class="quiet" onClick={leave}>{say("cancel")}</button>
      </p>
      <p class="hint">{say("secretAudited")}</p>
    </form>
  );
}

function File({ number, file }: { number: string; file: FileOf }) {
  const { cases } = useDesk();
  return <FileLine name={file.name} type={file.type} note={file.ready ? "" : say(file.failed ? "fileLost" : "filePending")} fetch={() => cases.file(number, file.id)} />;
}
