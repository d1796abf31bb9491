// The shared parts of pages. `web/README.md` tells how they are used.

export { ActionButton } from "./ActionButton";
export { grouped, isNegative, isZero, sumMoney, toPlot } from "./amounts";
export { Chart } from "./Chart";
export { Derivation, RuleTag } from "./Derivation";
export { DetailPage, type Fact, Facts, PageHead } from "./DetailPage";
export { EditDrawer } from "./EditDrawer";
export { FileDrop } from "./FileDrop";
export { DayField, DayRangeField, MomentField, MoneyField, NumberField } from "./fields";
export { type Gate, GateList } from "./GateList";
export { type Column, type Filter, ListPage } from "./ListPage";
export { Live, until } from "./Live";
export { ProblemNote } from "./ProblemNote";
export { SmallTable } from "./SmallTable";
export { UnitField, useUnitNames } from "./units";
export { AccountLink, Day, DaysLeft, Money, Quantity, StateTag } from "./values";
export { isCompared, WhyBill, WhyOfBill } from "./WhyBill";
