// Where an answer is written: its frame comes from the catalogue, what it points
// to is picked and not typed, and it can be seen as the customer will see it.

import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "../context";
import { say } from "../words";
import type { Article, Book, Case, Reply, Template } from "./api";
import type { Change, Typed } from "./drafts";
import { Enclosures, kept } from "./enclosures";
import { word } from "./names";
import { Letter } from "./replies";

const BODY = "{body}";
const MOST = 20_000;

interface Part { event: string; book: Book; one: Case; typed: Typed; change: (next: Change<Typed>) => void }

/** The frames that fit an event: what the direction prepares is an answer, too. */
const framesOf = (one: Case, event: string): Template[] => one.templates.filter((frame) => frame.event === (event === "prepare" ? "answer" : event));

export function LetterField({ event, book, one, typed, change }: Part) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [preview, setPreview] = useState(false);
  const frames = framesOf(one, event);
  const lang = frames.find(({ text }) => typed.text.startsWith(text.split("\n")[0] ?? "-"))?.lang ?? frames[0]?.lang ?? "ru";
  const prepared: Reply | undefined = one.state === "prepared" && event !== "prepare" ? one.replies.find(({ id }) => id === one.reply) : undefined;

  // An empty field begins with what the direction has written, or with the frame.
  useEffect(() => {
    if (!typed.text) change({ text: prepared?.text || frames[0]?.text || "" });
    if (!typed.files) change({ files: kept(prepared?.files ?? []) });
  }, []);
  const toBody = () => {
    const box = field.current;
    const at = box?.value.indexOf(BODY) ?? -1;
    if (!box || at < 0) return;
    box.focus();
    box.setSelectionRange(at, at + BODY.length);
  };
  return (
    <div class="letter-field">
      <p class="meta">{say("letterWay", { way: [word(one.answer_way.name), one.answer_way.to].filter(Boolean).join(", ") || say("caseUnknown") })}</p>
      {event === "off_topic" && <Addressee book={book} lang={lang} typed={typed} change={change} />}
      {event === "typical" && <Links typed={typed} change={change} lang={lang} />}
      <div class="tabs" role="group" aria-label={say("letterViews")}>
        <button type="button" aria-pressed={!preview} onClick={() => setPreview(false)}>{say("letterText")}</button>
        <button type="button" aria-pressed={preview} onClick={() => setPreview(true)}>{say("letterPreview")}</button>
        {frames.length > 0 && (
          <label class="frame-pick">{say("letterFrame")} <select value="" onChange={(input) => {
            const frame = frames.find((one) => one.lang === input.currentTarget.value);
            if (frame) change({ text: frame.text.replace(BODY, typed.text.includes(BODY) ? BODY : bodyOf(typed.text, frames) || BODY) });
          }}>
            <option value="">{say("letterFrameChoose")}</option>
            {frames.map((frame) => <option key={frame.lang} value={frame.lang}>{say(frame.lang === "ru" ? "letterRussian" : "letterEnglish")}</option>)}
          </select></label>
        )}
      </div>
      {preview ? <Letter text={typed.text} />
        : <textarea id="letter" ref={field} rows={12} maxLength={MOST} value={typed.text} aria-label={say("letterField")} onFocus={() => { if (typed.text.includes(BODY)) toBody(); }}
          onInput={(input) => change({ text: input.currentTarget.value })} />}
      <Enclosures number={one.number} files={typed.files ?? []} change={change} />
      {one.answer_way.code === "chat" && <Unnamed one={one} text="hintLinked" />}
      {typed.text.includes(BODY) && <p class="hint">{say("letterBody", { body: BODY })}</p>}
    </div>
  );
}

/** A messenger carries nobody's name (spec §3.6): who writes one should know what
 * becomes of it, in a question and in an answer. */
export function Unnamed({ one, text = "hintUnnamed" }: { one: Case; text?: "hintUnnamed" | "hintLinked" }) {
  return one.channel === "tg" ? <p class="hint">{say(text)}</p> : null;
}

/** What stands between the frame's beginning and its end. */
function bodyOf(text: string, frames: Template[]): string {
  for (const frame of frames) {
    const [before = "", after = ""] = frame.text.split(BODY);
    if (text.startsWith(before) && text.endsWith(after)) return text.slice(before.length, text.length - after.length).trim();
  }
  return text;
}

/** A letter with a line where its body goes, or in the place of the line before. */
function lineIn(text: string, line: string, before: string | undefined): string {
  if (before && text.includes(before)) return text.replace(before, line);
  if (text.includes(BODY)) return text.replace(BODY, line);
  return withLast(text, line);
}

/** A letter with a paragraph at its end. */
const withLast = (text: string, line: string): string => [text.trimEnd(), line].filter(Boolean).join("\n\n");

/** Who can help instead of us: his name and where he is found go into the letter. */
function Addressee({ book, lang, typed, change }: { book: Book; lang: "ru" | "en"; typed: Typed; change: Part["change"] }) {
  const chosen = book.addressees.find(({ code }) => code === typed.addressee);
  return (
    <label>{say("formAddressee")}
      <select value={typed.addressee} required onChange={(input) => {
        const addressee = input.currentTarget.value;
        change({ addressee });
        const line = book.addressees.find(({ code }) => code === addressee)?.turn[lang];
        if (line) change({ addressee, text: lineIn(typed.text, line, chosen?.turn[lang]) });
      }}>
        <option value="">{say("formChoose")}</option>
        {book.addressees.map(({ code, name }) => <option key={code} value={code}>{word(name)}</option>)}
      </select>
      {chosen && <span class="hint">{word(chosen.about)}</span>}
    </label>
  );
}

const PAUSE = 250;

/** Frequent questions, found by words: at least one goes with a typical answer
 * (R-5.2.6-c). */
function Links({ typed, change, lang }: { typed: Typed; change: Part["change"]; lang: "ru" | "en" }) {
  const { cases } = useDesk();
  const [sought, seek] = useState("");
  const [found, setFound] = useState<Article[]>([]);
  const [none, setNone] = useState(false);
  useEffect(() => {
    if (!sought.trim()) {
      setFound([]);
      setNone(false);
      return;
    }
    let over = false;
    const timer = setTimeout(() => void cases.articles(sought.trim(), lang).then(({ articles }) => {
      if (over) return;
      setFound(articles);
      setNone(articles.length === 0);
    }, () => { if (!over) setNone(true); }), PAUSE);
    return () => { over = true; clearTimeout(timer); };
  }, [sought, lang]);
  const add = (article: Article) => {
    const { slug, title, address } = article;
    change({
      links: typed.links.some((link) => link.slug === slug) ? typed.links : [...typed.links, { slug, title }],
      text: typed.text.includes(address) ? typed.text : withLast(typed.text, `${title} ${address}`),
    });
    seek("");
  };
  const drop = (slug: string, title: string) => change({
    links: typed.links.filter((link) => link.slug !== slug),
    text: typed.text.split(/\n{2,}/).filter((paragraph) => !paragraph.startsWith(title + " ")).join("\n\n"),
  });
  return (
    <fieldset class="links">
      <legend>{say("formLinks")}</legend>
      <ul>{typed.links.map(({ slug, title }) => <li key={slug}>{title} <button type="button" class="text" aria-label={say("formLinkDrop", { title })} onClick={() => drop(slug, title)}>{say("formTimeDrop")}</button></li>)}</ul>
      <input type="search" maxLength={150} value={sought} aria-label={say("formLinkSeek")} placeholder={say("formLinkSeek")} onInput={(input) => seek(input.currentTarget.value)}
        onKeyDown={(press) => { if (press.key === "Enter") { press.preventDefault(); if (found[0]) add(found[0]); } }} />
      {none && <p class="hint" role="status">{say("formLinkNone")}</p>}
      <ul class="found">{found.map((article) => <li key={article.slug}><button type="button" class="text" onClick={() => add(article)}>{article.title}</button></li>)}</ul>
    </fieldset>
  );
}
