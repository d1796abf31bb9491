// Languages: which one is shown, and the texts of a page in it.

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Bilingual } from "@/api";
import { names } from "./names";

/** 中文 or English. */
export type Language = "zh" | "en";

/** A text in both languages. */
export type Text = Bilingual;

type Widened<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widened<T[K]>;
};

interface Chosen {
  language: Language;
  choose: (language: Language) => void;
}

const Context = createContext<Chosen>({ language: "zh", choose: () => undefined });
const KEPT = "denghuo.language";

function initial(): Language {
  const kept = localStorage.getItem(KEPT);
  return kept === "en" || kept === "zh" ? kept : "zh";
}

/** Gives the language to everything below it. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initial);
  const chosen = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        localStorage.setItem(KEPT, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  return <Context value={chosen}>{children}</Context>;
}

/** The language that is shown, and how to choose another. */
export function useLanguage(): Chosen {
  return useContext(Context);
}

/** The texts of a page in the language shown: `const w = useWords(words)`. */
export function useWords<T>(words: { zh: T; en: Widened<NoInfer<T>> }): T {
  const { language } = useLanguage();
  return language === "zh" ? words.zh : (words.en as T);
}

/** Picks the sentence in the language shown: `const say = useSay(); say(problem.detail)`. */
export function useSay(): (text: Text) => string {
  const { language } = useLanguage();
  return (text) => text[language];
}

/** A family of the API's words, such as `role` or `noticeKind`; see `names.ts`. */
export type Family = keyof typeof names;

/**
 * Names for the words of the API: `const name = useNames(); name("channel", "cash")`. A word that the API tells by its
 * Chinese name is known by that; an unknown word is shown as it is.
 */
export function useNames(): (family: Family, word: string | null | undefined) => string {
  const { language } = useLanguage();
  return (family, word) => {
    if (word === null || word === undefined || word === "") {
      return "";
    }
    const known: Record<string, readonly [string, string]> = names[family];
    const pair = known[word] ?? Object.values(known).find(([zh]) => zh === word);
    return pair ? pair[language === "zh" ? 0 : 1] : word;
  };
}

/** What something is about, such as `notice:3`, in words. */
export function useSubject(): (subject: string | null | undefined) => string {
  const name = useNames();
  return (subject) => {
    const [kind = "", ...rest] = (subject ?? "").split(":");
    return [name("subject", kind), ...rest].join(" ");
  };
}

/** Options of a select out of a family, in its order. */
export function useOptions(family: Family): { value: string; label: string }[] {
  const name = useNames();
  return Object.keys(names[family]).map((word) => ({ value: word, label: name(family, word) }));
}
