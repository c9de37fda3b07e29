// A file in a message: its name, saved or looked at on demand, since every
// look is written down.

import { useRef, useState } from "preact/hooks";
import { picture, saveAs } from "../ui/picture";
import { useDesk } from "./context";
import { Icon } from "./icons";
import type { FileInfo } from "./protocol";
import { say, size } from "./words";

const WIDEST = 360;
const shown = (file: FileInfo): boolean => !!file.p || /^image\/(jpeg|png|webp|gif)$/.test(file.t ?? "");

export function FileRow({ file }: { file: FileInfo }) {
  const desk = useDesk();
  const frame = useRef<HTMLDivElement>(null);
  const [state, set] = useState<"" | "loading" | "open" | "failed">("");
  const name = file.n || say("file");
  const fetched = async (use: (blob: Blob) => Promise<void> | void, then: "" | "open") => {
    set("loading");
    try {
      await use(await desk.api.file(file.i));
      set(then);
    } catch {
      set("failed");
    }
  };
  const look = () => state === "open"
    ? (frame.current?.replaceChildren(), set(""))
    : void fetched(async (blob) => frame.current?.replaceChildren(await picture(blob, say("pictureOf", { name }), WIDEST)), "open");
  return (
    <div class="file" aria-busy={state === "loading"}>
      <Icon name="file" />
      <span class="name">{name}</span>
      <span class="meta">{state === "failed" ? say("fileFailed") : file.z ? size(file.z) : ""}</span>
      {shown(file) && (
        <button type="button" class="text" aria-expanded={state === "open"} aria-label={`${say(state === "open" ? "hide" : "show")}: ${name}`} onClick={look}>
          {say(state === "open" ? "hide" : "show")}
        </button>
      )}
      <button type="button" class="text" aria-label={`${say("download")}: ${name}`}
        onClick={() => void fetched((blob) => saveAs(blob, name), "")}>{say("download")}</button>
      <div class="frame" ref={frame} />
    </div>
  );
}
