// A GET of the API as it changes: server-sent events while there are any. A page that cannot have them asks again instead.

import { useEffect, useState } from "react";
import { BASE } from "@/api";

/** The last state that was told; nothing before the first. */
export function useEvents<T>(path: string, enabled: boolean): T | undefined {
  const [state, setState] = useState<{ path: string; value: T }>();
  useEffect(() => {
    if (!enabled) {
      return;
    }
    const source = new EventSource(BASE + path);
    source.addEventListener("state", (event) => setState({ path, value: JSON.parse(event.data) as T }));
    source.addEventListener("end", () => source.close());
    return () => source.close();
  }, [path, enabled]);
  return state?.path === path ? state.value : undefined;
}
