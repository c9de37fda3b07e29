export { default } from "./text.en.json";
