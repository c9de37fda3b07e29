// Answers on their way to everybody: what was proposed, published, refused,
// withdrawn; and the sheet on which one is written and looked at.

import { useEffect, useState } from "preact/hooks";
import { word } from "../cases/names";
import { useDesk } from "../context";
import { Trouble, useRead } from "../people/parts";
import type { State } from "../state";
import { moment, say, type Key } from "../words";
import { Publications, stages, type Publication, type Stage } from "./api";
import { SheetPage, stageNames } from "./sheet";

const noneOf: Record<Stage, Key> = { proposed: "noneProposed", published: "nonePublished", refused: "noneRefused", retracted: "noneRetracted" };

export function PublicationsPage({ state }: { state: State }) {
  const desk = useDesk();
  const [publications] = useState(() => new Publications(desk.api));
  const stage = stages.find((name) => name === state.place);
  const number = stage ? "" : state.place;
  return (
    <main class="page publications" id="page" tabIndex={-1}>
      {number ? <SheetPage key={number} state={state} publications={publications} number={number} leave={() => desk.go("publications")} />
        : <Shelf key={stage ?? "proposed"} state={state} publications={publications} stage={stage ?? "proposed"} />}
    </main>
  );
}

function Shelf({ state, publications, stage }: { state: State; publications: Publications; stage: Stage }) {
  const desk = useDesk();
  const { value, failed, again } = useRead(() => publications.list(stage));
  useEffect(() => void again(), [state.caseNews]);
  return (
    <>
      <h2>{say("publications")}</h2>
      <p class="meta">{say("publicationsText")}</p>
      <div class="tabs" role="group" aria-label={say("publications")}>
        {stages.map((name) => <button key={name} type="button" aria-pressed={name === stage} onClick={() => desk.go("publications", name)}>{say(stageNames[name])}</button>)}
      </div>
      {failed && <Trouble text={failed} />}
      {!value && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {value?.publications.length === 0 && <p class="empty">{say(noneOf[stage])}</p>}
      <ul class="excerpts">
        {value?.publications.map((one) => (
          <li key={one.number}>
            <Excerpt one={one} section={word(value.sections.find(({ code }) => code === one.section)?.name)} now={state.now} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Excerpt({ one, section, now }: { one: Publication; section: string; now: number }) {
  const who = one.stage === "proposed" ? one.by : one.decided;
  return (
    <article>
      <h3><a href={"#publications/" + one.number}>{one.question}</a></h3>
      <p class="said">{one.answer}</p>
      <p class="meta">{[one.number, section, say(stageNames[one.stage]).toLowerCase(), who?.name, moment(one.at, now)].filter(Boolean).join(", ")}</p>
      {one.reason && <p class="meta">{say("publicationReason", { reason: one.reason })}</p>}
    </article>
  );
}
