// Names for the words of articles and campaigns; a part of names.ts.

export const outreachNames = {
  articleTopic: {
    safety: ["安全用电", "Safe use"],
    policy: ["用电政策", "Policy"],
    saving: ["节约用电", "Saving"],
    tariff: ["电价电费", "Prices and bills"],
    service: ["办事指南", "How to"],
  },
  audience: {
    everybody: ["客户与员工", "Customers and staff"],
    staff: ["仅员工", "Staff only"],
  },
  articleState: {
    draft: ["草稿", "Draft"],
    published: ["已发布", "Published"],
    withdrawn: ["已撤下", "Withdrawn"],
  },
  articleDeed: {
    publish: ["发布", "Publish"],
    confirm: ["复核确认", "Still right"],
    withdraw: ["撤下", "Withdraw"],
  },
  campaignState: {
    draft: ["待审批", "To approve"],
    running: ["进行中", "Running"],
    closed: ["已结束", "Closed"],
    dropped: ["已取消", "Dropped"],
  },
  campaignAnswer: {
    payment: ["缴费", "Payment"],
    ticket: ["来电来访", "Ticket"],
    contact: ["确认联系方式", "Contact confirmed"],
  },
  arrearsState: {
    overdue: ["有逾期", "Overdue"],
    none: ["无逾期", "Nothing overdue"],
  },
  campaignSkipped: {
    too_often: ["近期已收到其他活动", "Told of another one lately"],
  },
} as const;
