// Two JSON values side by side, field by field.

/** A field with both values. */
export interface FieldPair {
  field: string;
  before: string;
  after: string;
  differs: boolean;
}

function leaves(value: unknown, path: string, into: Map<string, string>): void {
  if (value === null || value === undefined) {
    if (path !== "") {
      into.set(path, "–");
    }
    return;
  }
  if (
    typeof value === "object" &&
    !(Array.isArray(value) && value.every((item) => typeof item !== "object"))
  ) {
    for (const [key, inner] of Object.entries(value)) {
      leaves(inner, path === "" ? key : `${path}.${key}`, into);
    }
    return;
  }
  into.set(path === "" ? "·" : path, Array.isArray(value) ? value.join(", ") : String(value));
}

/** Every field of both, those that differ first. */
export function fieldsOf(before: unknown, after: unknown): FieldPair[] {
  const old = new Map<string, string>();
  const fresh = new Map<string, string>();
  leaves(before, "", old);
  leaves(after, "", fresh);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  const pairs = keys.map((field) => {
    const [was, is] = [old.get(field) ?? "", fresh.get(field) ?? ""];
    return { field, before: was, after: is, differs: was !== is };
  });
  return pairs.sort((a, b) => Number(b.differs) - Number(a.differs));
}
