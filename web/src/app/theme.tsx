// Light, dark or as the system says; colours and the language of Ant Design's own texts.

import { App as AntApp, theme as antTheme, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useLanguage } from "@/words";

/** What the user chose. */
export type ThemeChoice = "light" | "dark" | "system";

interface Themed {
  choice: ThemeChoice;
  dark: boolean;
  choose: (choice: ThemeChoice) => void;
}

const Context = createContext<Themed>({ choice: "system", dark: false, choose: () => undefined });
const KEPT = "denghuo.theme";
const FONTS =
  '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC", system-ui, sans-serif';

function kept(): ThemeChoice {
  const text = localStorage.getItem(KEPT);
  return text === "light" || text === "dark" ? text : "system";
}

/** Theme and locale for everything below. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const [choice, setChoice] = useState<ThemeChoice>(kept);
  const [systemDark, setSystemDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const listen = () => setSystemDark(media.matches);
    media.addEventListener("change", listen);
    return () => media.removeEventListener("change", listen);
  }, []);
  const dark = choice === "dark" || (choice === "system" && systemDark);
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  const value = useMemo<Themed>(
    () => ({
      choice,
      dark,
      choose: (next) => {
        localStorage.setItem(KEPT, next);
        setChoice(next);
      },
    }),
    [choice, dark],
  );
  return (
    <Context value={value}>
      <ConfigProvider
        button={{ autoInsertSpace: false }}
        locale={language === "zh" ? zhCN : enUS}
        theme={{
          algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
          token: {
            colorPrimary: dark ? "#4a90d9" : "#1a5fa8",
            colorLink: dark ? "#6fb1f5" : "#1a5fa8",
            borderRadius: 6,
            fontFamily: FONTS,
          },
          components: { Layout: { headerHeight: 52, headerPadding: "0 16px" } },
        }}
      >
        <AntApp>{children}</AntApp>
      </ConfigProvider>
    </Context>
  );
}

/** The theme that is shown, and how to choose another. */
export function useTheme(): Themed {
  return useContext(Context);
}
