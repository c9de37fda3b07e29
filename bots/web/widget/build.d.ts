// What the bundler puts in.

declare module "*.css" {
  const sheet: string;
  export default sheet;
}

/** The tokens that launcher.css uses, and no others. */
declare module "*.css?of=launcher.css" {
  const sheet: string;
  export default sheet;
}

/** The tokens that launcher.css does without. */
declare module "*.css?beyond=launcher.css" {
  const sheet: string;
  export default sheet;
}

/** Where the server keeps the modules of this build: "/widget/<hash>/". */
declare const HOME: string;
