// Our name -> the Lucide picture behind it (ISC licence). Only these are shipped.
export const ICONS = {
  alert: "triangle-alert", back: "arrow-left", forward: "arrow-right", baby: "baby", bell: "bell", briefcase: "briefcase",
  building: "landmark", calendar: "calendar-days", car: "car", chart: "chart-column", check: "check", clock: "clock",
  document: "file-text", download: "download", error: "octagon-alert", eye: "eye", external: "square-arrow-out-up-right",
  file: "paperclip", filter: "list-filter", flag: "flag", graduation: "graduation-cap", hand: "hand-helping", heart: "heart",
  help: "circle-help", history: "history", home: "house", info: "info", key: "key-round", language: "languages", law: "scale",
  leaf: "leaf", letter: "mail", list: "list-checks", lock: "lock", map: "map-pin", money: "wallet", moon: "moon", moving: "truck",
  no: "x", person: "circle-user-round", people: "users", phone: "phone", plus: "plus", print: "printer",
  recycle: "recycle", road: "construction", search: "search", send: "send", settings: "settings-2", shield: "shield-check",
  sun: "sun", trash: "trash-2", undo: "undo-2", vote: "vote", work: "hammer", stethoscope: "stethoscope", pencil: "pencil",
};
