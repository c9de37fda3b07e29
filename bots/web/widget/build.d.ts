// What the bundler puts in.

declare module "*.css" {
  const sheet: string;
  export default sheet;
}

/** Path of the chat's bundle on the server; its name carries a hash. */
declare const CHAT: string;
