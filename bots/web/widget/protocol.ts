// The words of bots/webchat/protocol.md.

/** Where an entry stands in the log: "<revision>-<n>". */
export type Position = string;

export interface Span { t: string; b?: boolean; l?: string }
export interface Block { k?: number; s: Span[] }
export interface Choice { t?: string; l: string; u?: string; w?: boolean }
export interface FileInfo { i: string; n?: string; t?: string; z?: number; p?: boolean }

export type Expected =
  | "" | "text" | "number" | "phone" | "email" | "date" | "contact" | "location" | "file";

/** One utterance of ours: core/chat.Message. */
export interface Message { b?: Block[]; c?: Choice[]; e?: Expected; f?: FileInfo[] }

export interface OutEntry { position: Position; kind: "out"; at: string; message: Message; by: string }
export interface InEntry {
  position: Position; kind: "in"; at: string; id?: string;
  text?: string; files?: FileInfo[]; did: string;
}
export type Entry = OutEntry | InEntry;

export type ServerFrame =
  | ({ t: "entry" } & Entry)
  | { t: "reset" }
  | { t: "live"; position: Position; more?: boolean }
  | { t: "page"; entries: Entry[]; more?: boolean }
  | { t: "ack"; id: string; position: Position; toast?: string }
  | { t: "nack"; id: string; error: string; retry_after?: number }
  | { t: "typing"; who: string }
  | { t: "seen"; to: Position }
  | { t: "pong" }
  | { t: "bye"; error: string; retry_after?: number };

/** A frame that the server acknowledges: it is sent again until then. */
export type Said = { id: string } & (
  | { t: "say"; text: string }
  | { t: "press"; token: string; on: Position }
  | { t: "files"; files: string[]; text: string }
  | { t: "place"; latitude: number; longitude: number }
  | { t: "phone"; phone: string }
  | { t: "language"; language: string }
  | { t: "arrive"; ticket: string }
);

export type ClientFrame =
  | Said
  | { t: "hello"; after: Position }
  | { t: "page"; before: Position }
  | { t: "typing" }
  | { t: "read"; to: Position }
  | { t: "ping" };

export interface Session {
  visitor?: string;
  ticket: string;
  caps: { upload: number; text: number };
  heartbeat: number;
}

/** Orders positions; a client's own "" stands before all. */
export function compare(a: Position, b: Position): number {
  const [revision = 0, n = 0] = a.split("-").map(Number);
  const [other = 0, m = 0] = b.split("-").map(Number);
  return revision - other || n - m;
}
