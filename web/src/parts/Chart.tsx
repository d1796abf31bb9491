// A chart that follows theme and language, loaded only where one is shown, with its data as a table for those who cannot see it.

import { Skeleton } from "antd";
import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import { useTheme } from "@/app/theme";
import { useLanguage } from "@/words";

interface Props {
  /** An option of ECharts. Colours come from the theme. */
  option: EChartsCoreOption;
  /** What it shows, told to those who cannot see it. */
  label: string;
  height?: number;
  /** A point was clicked: its name and series. */
  onPick?: (picked: { name: string; series: string; index: number }) => void;
}

/** The chart. */
export function Chart({ option, label, height = 280, onPick }: Props) {
  const { dark } = useTheme();
  const { language } = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [chart, setChart] = useState<EChartsType>();

  useEffect(() => {
    let made: EChartsType | undefined;
    let watch: ResizeObserver | undefined;
    let gone = false;
    import("./echarts").then(({ init }) => {
      if (gone || !box.current) {
        return;
      }
      made = init(box.current, dark ? "dark" : undefined, {
        renderer: "svg",
        locale: language === "zh" ? "ZH" : "EN",
      });
      made.on("click", (event) =>
        pick.current?.({ name: event.name, series: event.seriesName ?? "", index: event.dataIndex ?? 0 }),
      );
      watch = new ResizeObserver(() => made?.resize());
      watch.observe(box.current);
      setChart(made);
    });
    return () => {
      gone = true;
      watch?.disconnect();
      made?.dispose();
      setChart(undefined);
    };
  }, [dark, language]);

  useEffect(() => {
    const animation = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart?.setOption(
      { backgroundColor: "transparent", animation, animationDuration: 300, ...option },
      { notMerge: true },
    );
  }, [chart, option]);

  return (
    <div style={{ position: "relative", height, minWidth: 0 }}>
      {!chart && <Skeleton active paragraph={{ rows: 4 }} />}
      <div ref={box} role="img" aria-label={label} style={{ position: "absolute", inset: 0 }} />
    </div>
  );
}
