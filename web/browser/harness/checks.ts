// What every page has to keep: names for what can be used, one heading, nothing wider than the screen, no missing word.

import type { Page } from "playwright-core";

/** What is wrong with a page, in words; empty when nothing is. */
export async function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isVisible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
    const describe = (element: Element) => element.outerHTML.slice(0, 120);
    const named = (element: Element) => {
      const labelled = element.getAttribute("aria-labelledby");
      const label = (element as HTMLInputElement).labels?.[0]?.textContent;
      return [
        element.getAttribute("aria-label"),
        labelled && document.getElementById(labelled)?.textContent,
        label,
        element.getAttribute("title"),
        element.getAttribute("placeholder"),
        element.textContent,
        element.querySelector("img[alt]")?.getAttribute("alt"),
        element.querySelector("[role=img][aria-label]")?.getAttribute("aria-label"),
      ].some((text) => (text ?? "").trim() !== "");
    };
    for (const element of document.querySelectorAll("button, a[href], input, select, textarea")) {
      const type = element.getAttribute("type");
      if (
        isVisible(element) &&
        type !== "hidden" &&
        !element.closest("[aria-hidden=true]") &&
        !named(element)
      ) {
        found.push(`no name: ${describe(element)}`);
      }
    }
    for (const image of document.querySelectorAll("img:not([alt])")) {
      found.push(`no alt: ${describe(image)}`);
    }
    const headings = [...document.querySelectorAll("h1")].filter(isVisible).length;
    const isAnswer = document.querySelector(".ant-result") !== null;
    if (headings !== 1 && !isAnswer) {
      found.push(`${headings} headings of the first level`);
    }
    const width = document.documentElement.scrollWidth;
    if (width > window.innerWidth) {
      const wide = [...document.querySelectorAll("body *")].filter(
        (element) =>
          element.getBoundingClientRect().right > window.innerWidth + 1 &&
          !element.closest(".ant-table, .ant-tabs-nav"),
      );
      found.push(`${width - window.innerWidth} px too wide: ${wide[0] ? describe(wide[0]) : ""}`);
    }
    if (/\bundefined\b|\[object Object\]|\bNaN\b/.test(document.body.textContent)) {
      found.push("a missing word: undefined, NaN or [object Object]");
    }
    return found;
  });
}
