import type { BreadcrumbGroupProps } from "@cloudscape-design/components/breadcrumb-group";
import { createContext, useContext, useEffect } from "react";
import { shell } from "../text/shell.ts";

export type Breadcrumbs = readonly BreadcrumbGroupProps.Item[];

export const BreadcrumbsContext = createContext<(breadcrumbs: Breadcrumbs) => void>(() => {});

/** Names the page in the browser's title and in the breadcrumbs: what stands above it, from the top, and it itself. */
export function usePage(title: string, above: Breadcrumbs = []): void {
  const show = useContext(BreadcrumbsContext);
  const path = JSON.stringify(above);
  useEffect(() => {
    document.title = shell.title(title);
    show(title === "" ? [] : [{ text: shell.product, href: "/" }, ...(JSON.parse(path) as Breadcrumbs), { text: title, href: "" }]);
  }, [title, path, show]);
}
