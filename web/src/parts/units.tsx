// Units of the company: what a code is called, and the field that chooses one.

import { Select } from "antd";
import { useGet } from "@/api";
import { useMay } from "@/app/session";

/** More than any company has. */
const ALL = 500;

function useUnits() {
  const may = useMay();
  return useGet("/orgs", { query: { limit: ALL } }, { enabled: may("see_tasks") }).data?.items ?? [];
}

/** Names of units by their codes: `const unit = useUnitNames(); unit(row.org)`. An unknown code is shown as it is. */
export function useUnitNames(): (code: string | null | undefined) => string {
  const units = useUnits();
  return (code) => units.find((unit) => unit.code === code)?.name ?? code ?? "";
}

/** A unit, chosen by name or code; its value is the code. */
export function UnitField(props: {
  value?: string;
  onChange?: (value: string | undefined) => void;
  id?: string;
}) {
  const { value, onChange, ...rest } = props;
  const units = useUnits();
  return (
    <Select
      allowClear
      showSearch={{
        filterOption: (text, option) => `${option?.value} ${option?.label}`.includes(text.trim()),
      }}
      options={units.map((unit) => ({ value: unit.code, label: unit.name }))}
      optionRender={({ value: code, label }) => (
        <>
          {label} <small>{code}</small>
        </>
      )}
      value={value ?? null}
      onChange={(next: string | null) => onChange?.(next ?? undefined)}
      {...rest}
    />
  );
}
