// How well the company answers (R-5.1.2-m): by month, quarter or year, and by
// whatever a supervisor wants to compare.

import { useEffect, useState } from "preact/hooks";
import { word } from "../cases/names";
import { useDesk } from "../context";
import { Trouble, why } from "../people/parts";
import type { State } from "../state";
import { say, spoken, type Key } from "../words";

type Names = Record<"ru" | "en", string>;
/** Shares are in thousandths, times in minutes, the mean of ratings in hundredths. */
interface Row {
  group: string; names: Names | null;
  answered: number; due: number; in_time: number; share: number | null; extended: number;
  median: number; tenth: number; rated: number; rating: number | null;
}
interface Figures { period: string; by: string; all: Row; rows: Row[]; periods: { code: string; names: Names }[] }

const groupings: [by: string, name: Key][] = [["kind", "byKind"], ["category", "byCategory"], ["queue", "byQueue"], ["territory", "byTerritory"]];

export function IndicatorsPage({ state: _ }: { state: State }) {
  const { api } = useDesk();
  const [period, setPeriod] = useState("");
  const [by, setBy] = useState("kind");
  const [figures, setFigures] = useState<Figures>();
  const [failed, setFailed] = useState("");
  const query = `by=${by}` + (period && `&period=${period}`);
  useEffect(() => {
    let late = false; // an answer that another choice has overtaken
    api.get<Figures>(`indicators?${query}`).then((read) => { if (!late) { setFigures(read); setFailed(""); } }, (error) => { if (!late) setFailed(why(error)); });
    return () => { late = true; };
  }, [query]);
  return (
    <main class="page wide indicators" id="page" tabIndex={-1}>
      <div class="top">
        <h2>{say("indicators")}</h2>
        <a href={`/console/api/indicators.csv?${query}&lang=${spoken()}`} download>{say("indicatorsSheet")}</a>
      </div>
      <div class="line">
        <label>{say("indicatorsPeriod")}
          <select value={period || figures?.period} onChange={(event) => setPeriod(event.currentTarget.value)}>
            {figures?.periods.map(({ code, names }) => <option key={code} value={code}>{word(names)}</option>)}
          </select>
        </label>
        <label>{say("indicatorsBy")}
          <select value={by} onChange={(event) => setBy(event.currentTarget.value)}>
            {groupings.map(([code, name]) => <option key={code} value={code}>{say(name)}</option>)}
          </select>
        </label>
      </div>
      <Trouble text={failed} />
      {!figures && !failed && <p class="empty" role="status">{say("loading")}</p>}
      {figures && figures.all.due + figures.all.answered === 0 && <p class="empty">{say("indicatorsNone")}</p>}
      {figures && figures.all.due + figures.all.answered > 0 && <Table figures={figures} />}
      <p class="meta">{say("indicatorsHow")}</p>
    </main>
  );
}

const heads: Key[] = ["indicatorsAnswered", "indicatorsShare", "indicatorsMedian", "indicatorsTenth", "indicatorsRating", "indicatorsExtended"];

function Table({ figures }: { figures: Figures }) {
  return (
    <div class="scroll">
      <table>
        <thead><tr><th scope="col">{say(groupings.find(([by]) => by === figures.by)?.[1] ?? "byKind")}</th>{heads.map((head) => <th key={head} scope="col">{say(head)}</th>)}</tr></thead>
        <tbody>{figures.rows.map((row) => <Line key={row.group} row={row} name={word(row.names ?? undefined) || row.group} />)}</tbody>
        <tfoot><Line row={figures.all} name={say("indicatorsAll")} /></tfoot>
      </table>
    </div>
  );
}

function Line({ row, name }: { row: Row; name: string }) {
  const share = row.share ?? 0;
  const head = (i: number): string => say(heads[i] ?? "indicatorsAnswered");
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-head={head(0)}>{row.answered}</td>
      <td class="share" data-head={head(1)}>
        <span>{row.share === null ? "–" : percent(share)}</span>
        <svg width="100%" height="8" aria-hidden="true" focusable="false"><rect class="bar" width="100%" height="8" rx="4" /><rect class="filled" width={`${share / 10}%`} height="8" rx="4" /></svg>
      </td>
      <td data-head={head(2)}>{row.answered > 0 ? took(row.median) : "–"}</td><td data-head={head(3)}>{row.answered > 0 ? took(row.tenth) : "–"}</td>
      <td data-head={head(4)}>{row.rating === null ? "–" : stars(row.rating)} {row.rated > 0 && <span class="meta">({row.rated})</span>}</td>
      <td data-head={head(5)}>{row.extended}</td>
    </tr>
  );
}

const percent = (thousandths: number): string => (thousandths / 1000).toLocaleString(spoken(), { style: "percent", maximumFractionDigits: 1 });

/** One decimal; five stars are all of them. */
const stars = (hundredths: number): string => (Math.min(Math.round(hundredths / 10), hundredths < 500 ? 49 : 50) / 10).toLocaleString(spoken(), { minimumFractionDigits: 1 });

/** As precisely as it matters: hours below two days. */
function took(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return say("tookMinutes", { n: minutes });
  return hours < 48 ? say("tookHours", { n: hours }) : say("tookDays", { n: Math.floor(hours / 24), hours: hours % 24 });
}
