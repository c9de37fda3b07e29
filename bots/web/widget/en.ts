export { chat as default } from "./text.en.json";
