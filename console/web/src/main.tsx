import "@cloudscape-design/global-styles/index.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./App.tsx";
import { followAppearance } from "./shell/appearance.ts";
import "./shell/shell.css";

const queries = new QueryClient({
  defaultOptions: {
    // The SDK tries again by itself where that helps.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 5_000 },
  },
});

followAppearance();
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <BrowserRouter basename="/console">
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  );
}
