// Files that are to be sent: how far each is, and what is the matter with it.

import { Icon } from "./icons";
import type { Attachment } from "./state";
import { say, size, type Key } from "./words";

/** What the server refuses for good: the same file is not sent again. */
const refusals: Record<string, Key> = { too_large: "fileTooLarge", type: "fileType", empty: "fileEmpty" };

export function Tray({ files, again, remove }: { files: Attachment[]; again: (key: string) => void; remove: (key: string) => void }) {
  if (!files.length) return null;
  return (
    <ul class="tray" aria-label={say("attachments")}>
      {files.map((file) => (
        <li key={file.key} class={file.state}>
          <Icon name="file" />
          <span class="name">{file.name}</span>
          <span class="meta">
            {file.state === "uploading" ? say("uploading", { n: file.progress })
              : file.state === "failed" ? say(refusals[file.error] ?? "uploadFailed")
              : size(file.size)}
          </span>
          {file.state === "failed" && !refusals[file.error] && (
            <button type="button" class="text" onClick={() => again(file.key)}>{say("retry")}</button>
          )}
          <button type="button" class="plain" aria-label={say("removeFile", { name: file.name })} onClick={() => remove(file.key)}><Icon name="close" /></button>
          {file.state === "uploading" && <progress max={100} value={file.progress} aria-label={file.name} />}
        </li>
      ))}
    </ul>
  );
}
