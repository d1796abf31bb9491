// Names for the words of cuts and of legal work; a part of names.ts.

export const lawNames = {
  cutOutcome: {
    paid: ["已缴清", "Paid"],
    rejected: ["驳回", "Rejected"],
    withdrawn: ["撤回", "Withdrawn"],
    restored: ["已复电", "Restored"],
    secured: ["已担保", "Secured"],
    held: ["暂缓", "Held"],
  },
  cutWindow: {
    extreme_heat: ["高温", "Extreme heat"],
    extreme_cold: ["低温", "Extreme cold"],
    disaster: ["灾害", "Disaster"],
    key_event: ["重大活动", "Key event"],
    senior_high_exam: ["中考", "Senior-high entrance exam"],
  },
  legalOutcome: {
    paid: ["已付清", "Paid"],
    settled: ["和解", "Settled"],
    withdrawn: ["撤回", "Withdrawn"],
    dismissed: ["驳回", "Dismissed"],
    enforced: ["执行到位", "Enforced"],
    unenforceable: ["无可供执行财产", "Unenforceable"],
    rejected: ["未批准", "Turned down"],
    became_suit: ["转入诉讼", "Became a suit"],
    declined: ["不同意转入诉讼", "Suit declined"],
    not_delivered: ["未能送达", "Not delivered"],
  },
  operationChannel: {
    field: ["现场", "Field"],
    remote: ["远程", "Relay"],
  },
  requestState: {
    open: ["待审批", "Open"],
    approved: ["已批准", "Approved"],
    rejected: ["未批准", "Turned down"],
  },
  securityKind: {
    general_guarantee: ["一般保证", "General guarantee"],
    joint_guarantee: ["连带责任保证", "Joint guarantee"],
    maximum_guarantee: ["最高额保证", "Maximum guarantee"],
    pledge: ["质押", "Pledge"],
    mortgage: ["抵押", "Mortgage"],
  },
  warrantEnd: {
    paid: ["已缴费", "Paid"],
    withdrawn: ["流程撤回", "Case withdrawn"],
    rejected: ["驳回", "Rejected"],
    secured: ["已担保", "Secured"],
    "cuts.books_moved": ["签发后有缴费或账务变动", "The books moved: a payment or another entry"],
    "cuts.warrant_expired": ["已过有效期", "Expired"],
    "cuts.gate_failed": ["前提不再满足", "A gate failed"],
    "cuts.other_case": ["属另一流程", "Of another case"],
  },
  writeOffGround: {
    bankruptcy: ["破产清偿不能", "Bankruptcy"],
    deregistration: ["注销或吊销", "Deregistration"],
    death: ["死亡或失踪", "Death"],
    court_termination: ["法院终结执行", "Enforcement ended by the court"],
    limitation_passed: ["超过诉讼时效", "Time-barred"],
  },
} as const;
