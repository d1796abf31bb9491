// The state of the field page: work, deeds, the line, and bringing deeds to the server.

import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiProblem, asProblem, type Schema } from "@/api";
import { request } from "@/api/client";
import { useSession } from "@/app/session";
import {
  type Act,
  deedsOf,
  forgetDeed,
  type Kept,
  keepDeed,
  keepPackage,
  lastPackage,
  type Package,
  withoutFiles,
} from "./store";

export type Place = Schema<"Place">;

/** Deeds of one request, and characters at most: photographs are large. */
const BATCH = 20;
const LARGEST = 4_000_000;

/** Now in the form of the API: the server's clock when the package was loaded, and what has passed since on the phone, however wrong its
 * clock may be. */
function momentNow(work: Package | undefined): string {
  const now = Date.now();
  const base = work?.loaded ? Date.parse(`${work.made_at.slice(0, 19)}Z`) : Number.NaN;
  if (work?.loaded && !Number.isNaN(base)) {
    return new Date(base + Math.max(0, now - work.loaded)).toISOString().slice(0, 19);
  }
  const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Is there a line? */
function useLine(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return online;
}

function batches(waiting: Kept[]): Kept[][] {
  const all: Kept[][] = [];
  let size = 0;
  for (const kept of waiting) {
    const own = JSON.stringify(kept.deed).length;
    const last = all.at(-1);
    if (last && last.length < BATCH && size + own <= LARGEST) {
      last.push(kept);
      size += own;
    } else {
      all.push([kept]);
      size = own;
    }
  }
  return all;
}

/** Everything that the page works with. */
export function useField() {
  const session = useSession();
  const online = useLine();
  const [work, setWork] = useState<Package>();
  const [deeds, setDeeds] = useState<Kept[]>([]);
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const running = useRef(false);
  const name = session.me?.name;
  const who = name ?? work?.who;

  const look = useCallback(async (owner: string | undefined) => {
    setDeeds(owner ? await deedsOf(owner) : []);
  }, []);

  useEffect(() => {
    lastPackage().then(async (kept) => {
      setWork(kept);
      await look(name ?? kept?.who);
      setReady(true);
    });
  }, [name, look]);

  const send = useCallback(async (owner: string) => {
    const waiting = (await deedsOf(owner)).filter((kept) => kept.state === "waiting");
    for (const batch of batches(waiting)) {
      const body = { deeds: batch.map((kept) => kept.deed) };
      const got = await request<Schema<"SyncAnswer">>("post", "/field/sync", { body });
      for (const [at, answer] of got.data.answers.entries()) {
        const kept = batch[at];
        if (kept && answer.outcome !== "failed") {
          const state = answer.outcome === "done" ? "done" : "refused";
          await keepDeed({ ...kept, state, answer, deed: withoutFiles(kept.deed) });
        }
      }
    }
  }, []);

  /** Brings what waits to the server and loads the work anew. */
  const sync = useCallback(async () => {
    if (!name || running.current) {
      return;
    }
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      await send(name);
      const asked = Date.now();
      const got = await request<Schema<"FieldPackage">>("get", "/field/package");
      const loaded: Package = { ...got.data, loaded: asked };
      await keepPackage(loaded);
      setWork(loaded);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    } finally {
      await look(name);
      running.current = false;
      setBusy(false);
    }
  }, [name, send, look]);

  // Whoever opened the page without a line is asked for when there is one.
  useEffect(() => {
    if (online && session.problem) {
      session.again();
    }
  }, [online, session.problem, session.again]);

  useEffect(() => {
    if (online && name) {
      sync();
    }
  }, [online, name, sync]);

  /** Writes a deed down; it leaves at once when there is a line. */
  const record = useCallback(
    async (accountNo: string, act: Act, place: Place | undefined) => {
      if (!who) {
        return;
      }
      const id = crypto.randomUUID();
      const deed = {
        deed_id: id,
        account_no: accountNo,
        happened_at: momentNow(work),
        place: place ?? null,
        act,
      };
      await keepDeed({ id, who, deed, state: "waiting", at: Date.now() });
      await look(who);
      if (online) {
        await sync();
      }
    },
    [who, work, online, sync, look],
  );

  const forget = useCallback(async () => {
    for (const kept of deeds) {
      if (kept.state !== "waiting") {
        await forgetDeed(kept.id);
      }
    }
    await look(who);
  }, [deeds, who, look]);

  const foreign = work !== undefined && name !== undefined && work.who !== name;
  return {
    me: session.me,
    ready,
    online,
    work: foreign ? undefined : work,
    deeds,
    busy,
    problem,
    sync,
    record,
    forget,
  };
}

export type Field = ReturnType<typeof useField>;

/** Keeps the page for the time without a line. */
export function useShell() {
  useEffect(() => {
    if (!("serviceWorker" in navigator)) {
      return;
    }
    const keep = async () => {
      await navigator.serviceWorker.register("/sw.js", { scope: "/field" });
      const worker = (await navigator.serviceWorker.getRegistration("/field"))?.active;
      const waiting = worker ?? (await ready());
      const loaded = performance
        .getEntriesByType("resource")
        .map((entry) => new URL(entry.name))
        .filter((url) => url.origin === location.origin && url.pathname.startsWith("/assets/"))
        .map((url) => url.pathname);
      const named = [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>("script, link")]
        .map((element) => ("src" in element ? element.src : element.href))
        .filter((url) => url.includes("/assets/"))
        .map((url) => new URL(url).pathname);
      waiting?.postMessage({ keep: [...new Set([...loaded, ...named])] });
    };
    // The page works without it as long as there is a line.
    keep().catch(() => undefined);
  }, []);
}

/** The worker once it is there. */
async function ready(): Promise<ServiceWorker | null> {
  const registration = await navigator.serviceWorker.getRegistration("/field");
  const coming = registration?.installing ?? registration?.waiting;
  if (!coming) {
    return registration?.active ?? null;
  }
  await new Promise<void>((resolve) => {
    coming.addEventListener("statechange", () => coming.state === "activated" && resolve());
  });
  return coming;
}
