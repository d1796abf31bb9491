// Fields whose values are what the API takes: days and money as text.

import { DatePicker, Input, InputNumber } from "antd";
import dayjs from "dayjs";
import { useMe } from "@/app/session";
import { useWords } from "@/words";
import { words } from "./words";

interface Field<T> {
  value?: T | undefined;
  onChange?: (value: T | undefined) => void;
  id?: string;
  "aria-label"?: string;
  disabled?: boolean;
}

const FORM = "YYYY-MM-DD";

/** The picker opens at the business date; its button for today is there when that is the machine's day too. */
function useToday() {
  const today = useMe()?.today;
  return today ? { defaultPickerValue: dayjs(today), showNow: today === dayjs().format(FORM) } : {};
}

/** A day as ISO text. */
export function DayField({ value, onChange, ...rest }: Field<string> & { placeholder?: string }) {
  const start = useToday();
  return (
    <DatePicker
      {...start}
      style={{ width: "100%" }}
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day ? day.format(FORM) : undefined)}
      {...rest}
    />
  );
}

/** A moment of local time as ISO text without a zone. */
export function MomentField({ value, onChange, ...rest }: Field<string> & { placeholder?: string }) {
  const start = useToday();
  return (
    <DatePicker
      {...start}
      showTime={{ format: "HH:mm" }}
      format="YYYY-MM-DD HH:mm"
      style={{ width: "100%" }}
      value={value ? dayjs(value) : null}
      onChange={(moment) => onChange?.(moment ? moment.format("YYYY-MM-DDTHH:mm:00") : undefined)}
      {...rest}
    />
  );
}

/** Two days as ISO texts. */
export function DayRangeField({ value, onChange }: Field<[string, string]>) {
  const w = useWords(words);
  const today = useMe()?.today;
  return (
    <DatePicker.RangePicker
      {...(today ? { defaultPickerValue: [dayjs(today).subtract(1, "month"), dayjs(today)] } : {})}
      value={value ? [dayjs(value[0]), dayjs(value[1])] : null}
      placeholder={[w.from, w.to]}
      onChange={(days) => {
        const [from, to] = days ?? [];
        onChange?.(from && to ? [from.format(FORM), to.format(FORM)] : undefined);
      }}
    />
  );
}

/** An amount in yuan as decimal text: two places, never a float. */
export function MoneyField({
  value,
  onChange,
  ...rest
}: Field<string> & { placeholder?: string; autoFocus?: boolean }) {
  const w = useWords(words);
  return (
    <Input
      inputMode="decimal"
      suffix={w.yuan}
      value={value ?? ""}
      onChange={(event) => {
        const text = event.target.value.trim().replaceAll(",", "").replace("。", ".");
        if (/^-?\d*(\.\d{0,2})?$/.test(text)) {
          onChange?.(text === "" ? undefined : text);
        }
      }}
      {...rest}
    />
  );
}

/** A decimal number as text, such as a meter's reading. */
export function NumberField({
  value,
  onChange,
  unit,
  ...rest
}: Field<string> & { unit?: string; placeholder?: string; autoFocus?: boolean }) {
  return (
    <InputNumber<string>
      stringMode
      style={{ width: "100%" }}
      value={value ?? null}
      onChange={(next) => onChange?.(next === null || next === "" ? undefined : String(next))}
      {...(unit ? { suffix: unit } : {})}
      {...rest}
    />
  );
}
