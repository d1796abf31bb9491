// Everything that stands around the pages.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { ApiProblem } from "@/api";
import { LanguageProvider } from "@/words";
import { makeRouter } from "./router";
import { SessionProvider } from "./session";
import { ThemeProvider } from "./theme";

function makeCache() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        // What the server refused it refuses again; only the network is asked a second time.
        retry: (count, error) => count < 1 && error instanceof ApiProblem && error.status === 0,
      },
    },
  });
}

/** The console. */
export function App() {
  const [cache] = useState(makeCache);
  const [router] = useState(makeRouter);
  return (
    <LanguageProvider>
      <ThemeProvider>
        <QueryClientProvider client={cache}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </LanguageProvider>
  );
}
