// Language and appearance, wherever one is.

import { BulbOutlined, TranslationOutlined } from "@ant-design/icons";
import { Button, Dropdown, Flex } from "antd";
import { useLanguage, useWords } from "@/words";
import { type ThemeChoice, useTheme } from "./theme";
import { words } from "./words";

/** Two buttons: language, appearance. */
export function Choices() {
  const w = useWords(words);
  const { language, choose } = useLanguage();
  const theme = useTheme();
  return (
    <Flex gap={4}>
      <Button
        type="text"
        icon={<TranslationOutlined />}
        aria-label={`${w.language}: ${language === "zh" ? "English" : "中文"}`}
        onClick={() => choose(language === "zh" ? "en" : "zh")}
      >
        <span lang={language === "zh" ? "en" : "zh"}>{language === "zh" ? "EN" : "中"}</span>
      </Button>
      <Dropdown
        trigger={["click"]}
        menu={{
          selectable: true,
          selectedKeys: [theme.choice],
          items: [
            { key: "light", label: w.light },
            { key: "dark", label: w.dark },
            { key: "system", label: w.system },
          ],
          onClick: ({ key }) => theme.choose(key as ThemeChoice),
        }}
      >
        <Button type="text" icon={<BulbOutlined />} aria-label={w.theme} />
      </Dropdown>
    </Flex>
  );
}
