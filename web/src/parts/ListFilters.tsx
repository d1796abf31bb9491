// Filters of a list: each is a query parameter of the endpoint and stands in the address of the page.

import { Button, DatePicker, Flex, Input, Select, Switch } from "antd";
import dayjs from "dayjs";
import { useWords } from "@/words";
import { words } from "./words";

/** A filter. */
export interface Filter {
  /** The query parameter. */
  key: string;
  label: string;
  kind: "text" | "select" | "day" | "month" | "switch";
  /** Of a select. */
  options?: { value: string; label: string }[];
  width?: number;
  /** What holds while nothing is chosen. */
  initial?: string;
}

/** The values of the filters out of the address. */
export function filterValues(filters: Filter[], search: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const filter of filters) {
    const value = search.get(filter.key) ?? filter.initial;
    if (value !== undefined && value !== "") {
      values[filter.key] = value;
    }
  }
  return values;
}

interface Props {
  filters: Filter[];
  search: URLSearchParams;
  set: (key: string, value: string | undefined) => void;
}

/** The fields. */
export function FilterBar({ filters, search, set }: Props) {
  const w = useWords(words);
  const used = filters.filter((filter) => search.has(filter.key));
  return (
    <Flex gap={8} wrap align="center">
      {filters.map((filter) => (
        <Field
          key={filter.key}
          filter={filter}
          value={search.get(filter.key) ?? filter.initial}
          set={(value) => set(filter.key, value)}
        />
      ))}
      {used.length > 0 && (
        <Button type="link" size="small" onClick={() => used.map((filter) => set(filter.key, undefined))}>
          {w.clearFilters}
        </Button>
      )}
    </Flex>
  );
}

interface FieldProps {
  filter: Filter;
  value: string | undefined;
  set: (value: string | undefined) => void;
}

function Field({ filter, value, set }: FieldProps) {
  const common = { "aria-label": filter.label, placeholder: filter.label };
  const search = (text: string) => {
    const next = text.trim() === "" ? undefined : text.trim();
    if (next !== value) {
      set(next);
    }
  };
  switch (filter.kind) {
    case "select":
      return (
        <Select
          {...common}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: filter.width ?? 170 }}
          options={filter.options ?? []}
          value={value ?? null}
          onChange={(next) => set(next ?? undefined)}
        />
      );
    case "day":
    case "month": {
      const form = filter.kind === "day" ? "YYYY-MM-DD" : "YYYY-MM";
      return (
        <DatePicker
          {...common}
          picker={filter.kind === "day" ? "date" : "month"}
          value={value ? dayjs(value) : null}
          onChange={(day) => set(day ? day.format(form) : undefined)}
        />
      );
    }
    case "switch":
      return (
        <Flex gap={6} align="center">
          <Switch
            size="small"
            aria-label={filter.label}
            checked={value === "true"}
            onChange={(on) => set(on ? "true" : undefined)}
          />
          <span>{filter.label}</span>
        </Flex>
      );
    case "text":
      return (
        <Input
          {...common}
          type="search"
          key={value ?? ""}
          defaultValue={value ?? ""}
          style={{ width: filter.width ?? 190 }}
          onPressEnter={(event) => search(event.currentTarget.value)}
          onBlur={(event) => search(event.currentTarget.value)}
        />
      );
  }
}
