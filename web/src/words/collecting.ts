// Names for the words of notices and collections, a part of `names`.

type Pairs = Record<string, readonly [zh: string, en: string]>;

function family<T extends Pairs>(pairs: T): T {
  return pairs;
}

export const collecting = {
  planKind: family({
    plan: ["分期付款", "Payment plan"],
    promise: ["付款承诺", "Promise"],
  }),
  approvalKind: family({
    waiver: ["违约金减免", "Waiver of late fee"],
    plan: ["分期付款", "Payment plan"],
  }),
  approvalState: family({
    open: ["待审批", "Waits"],
    approved: ["已批准", "Approved"],
    rejected: ["已驳回", "Rejected"],
  }),
  approvalLevel: family({
    team: ["班组(所)", "Station"],
    department: ["部门", "Department"],
    company: ["公司", "Company"],
  }),
  contactTrouble: family({
    bounced: ["退回", "Bounced"],
    refused: ["拒收", "Refused"],
    unreachable: ["无法接通", "Unreachable"],
    silent: ["长期无回应", "Silent"],
  }),
  serviceWay: family({
    signed: ["签收", "Signed for"],
    left: ["留置送达", "Left at the place"],
    post: ["邮寄签收", "By post"],
    phone: ["电话告知", "By telephone"],
    posted: ["张贴", "Posted"],
    dropped: ["投递", "Put into the letter box"],
  }),
  noticeNext: family({
    wait: ["等待回执", "Wait for the carrier"],
    serve: ["上门送达", "Serve by hand"],
    print: ["打印派发", "Print"],
    repeat: ["重新送达", "Try again"],
  }),
} as const satisfies Record<string, Pairs>;
