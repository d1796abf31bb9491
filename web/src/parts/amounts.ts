// Decimal text as the API sends it: shown with separators, added up without floats.

/** Decimal text or a number of the API. */
export type Decimal = string | number;

/** `1234567.50` as `1,234,567.50`. Digits stay as they are. */
export function grouped(value: Decimal): string {
  const text = String(value);
  const sign = text.startsWith("-") ? "-" : "";
  const [whole = "", fraction] = text.replace(/^[-+]/, "").split(".");
  const separated = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${sign}${separated}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Decimal text as whole units of 10^-places. */
export function scaled(value: Decimal, places: number): bigint {
  const text = String(value);
  const negative = text.startsWith("-");
  const [whole = "0", fraction = ""] = text.replace(/^[-+]/, "").split(".");
  const digits = BigInt(whole + fraction.padEnd(places, "0").slice(0, places));
  return negative ? -digits : digits;
}

/** The sum of amounts in yuan, to the fen. */
export function sumMoney(values: Iterable<Decimal>): string {
  let fen = 0n;
  for (const value of values) {
    fen += scaled(value, 2);
  }
  const sign = fen < 0n ? "-" : "";
  const digits = String(fen < 0n ? -fen : fen).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Is it nothing? */
export function isZero(value: Decimal): boolean {
  return /^[-+]?0*(\.0*)?$/.test(String(value));
}

/** Is it below nothing? */
export function isNegative(value: Decimal): boolean {
  return String(value).startsWith("-") && !isZero(value);
}

/** A number for a chart; never for adding up. */
export function toPlot(value: Decimal): number {
  return Number(value);
}
