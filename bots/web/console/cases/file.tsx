// A file of a case or of an answer, fetched when somebody asks: every look is
// written down.

import { useRef, useState } from "preact/hooks";
import { picture, saveAs } from "../../ui/picture";
import { Icon } from "../icons";
import { Trouble, useDo } from "../people/parts";
import { say } from "../words";

const WIDEST = 360;

/** note: instead of what can be done with it, as long as there is nothing to see. */
export function FileLine({ name, type, note = "", fetch }: { name: string; type: string; note?: string; fetch: () => Promise<Blob> }) {
  const frame = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const { busy, error, run } = useDo();
  const look = () => open ? (frame.current?.replaceChildren(), setOpen(false))
    : void run(async () => { frame.current?.replaceChildren(await picture(await fetch(), say("pictureOf", { name }), WIDEST)); setOpen(true); });
  return (
    <div class="file" aria-busy={busy}>
      <Icon name="file" />
      <span class="name">{name || say("file")}</span>
      {note && <span class="meta">{note}</span>}
      {!note && /^image\/(jpeg|png|webp|gif)$/.test(type) && <button type="button" class="text" aria-expanded={open} aria-label={`${say(open ? "hide" : "show")}: ${name}`} onClick={look}>{say(open ? "hide" : "show")}</button>}
      {!note && <button type="button" class="text" aria-label={`${say("download")}: ${name}`} onClick={() => void run(async () => saveAs(await fetch(), name))}>{say("download")}</button>}
      <div class="frame" ref={frame} />
      <Trouble text={error} />
    </div>
  );
}
