// Names for the words of targets and appraisals; a part of names.ts.

export const targetNames = {
  targetState: {
    draft: ["待确认", "To be agreed to"],
    confirmed: ["已下达", "In force"],
    closed: ["已结账", "Closed"],
  },
  targetMethod: {
    weights: ["按权重", "By weights"],
    expected: ["按预期回收", "By expected recovery"],
  },
  appraisalState: {
    open: ["待本人确认", "Open"],
    disputed: ["有异议", "Disputed"],
    decided: ["已核定", "Decided"],
  },
  appraisalDeed: {
    comment: ["意见", "Comment"],
    dispute: ["异议", "Dispute"],
    decide: ["核定", "Decision"],
  },
  sheetState: {
    draft: ["待审批", "To be agreed to"],
    approved: ["已审批", "Approved"],
    rejected: ["已退回", "Sent back"],
    frozen: ["已封存", "Frozen"],
  },
  workMeasure: {
    readings: ["抄表户数", "Meters read"],
    estimated_readings: ["估抄户数", "Estimated readings"],
    corrected_readings: ["差错户数", "Readings corrected later"],
    notices: ["应送达通知", "Notices due"],
    notices_on_time: ["按时送达通知", "Notices in time"],
    receivable_fen: ["应收电费", "Receivable"],
    received_fen: ["实收电费", "Received"],
    expected_fen: ["预期回收", "Expected recovery"],
    target_fen: ["回收指标", "Target"],
    tickets: ["办理工单", "Tickets handled"],
    tickets_in_time: ["按时工单", "Tickets in time"],
    tickets_rated: ["回访评价工单", "Tickets rated"],
    tickets_satisfied: ["满意工单", "Content customers"],
    praise: ["表扬", "Praise"],
    findings: ["稽查问题", "Findings of audits"],
    trainings: ["培训合格", "Trainings passed"],
  },
} as const;
