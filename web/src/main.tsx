// The console begins here.

import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./main.css";

/** When this tab was last loaded anew because the program had been replaced behind it. */
const RELOADED = "denghuo.reloaded";

// After an upgrade the parts that a tab has not loaded yet are gone: it is loaded anew, at most once a minute.
addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last > 60_000) {
    event.preventDefault();
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<App />);
}
