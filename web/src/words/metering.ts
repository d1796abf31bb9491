// Names for the words of readings and of bills that wait; a part of names.ts.

export const meteringNames = {
  waitingState: {
    ready: ["待发行", "Ready"],
    held: ["暂缓发行", "Held"],
    approved: ["已审批", "Let through"],
    rejected: ["已退回", "Taken back"],
  },
  readingAnswer: {
    confirm: ["确认示数", "It is right"],
    correct: ["更正示数", "It is another value"],
    re_read: ["补抄", "Read again"],
    provisional: ["暂计", "Bill provisionally"],
    settle: ["暂计结清", "Settle the estimates"],
  },
  finding: {
    missed: ["漏抄", "Missing reading"],
    incomplete: ["缺起止示数", "Incomplete readings"],
    before_installation: ["抄表日早于装表日", "Before the installation"],
    went_back: ["示数倒走", "Register went back"],
    rolled_over: ["示数过零", "Register rolled over"],
    negative: ["电量为负", "Negative energy"],
    spike: ["电量突增", "Sudden rise"],
    drop: ["电量突减", "Sudden fall"],
    band_sum: ["分时与总不符", "Periods do not sum up"],
    zero: ["零电量", "No energy"],
    site_check: ["连续零电量现场核查", "Check on site"],
    repeated_estimate: ["连续暂计", "Estimated again and again"],
    repeated_quantity: ["电量雷同", "Same quantity again"],
    too_fast: ["抄表过快", "Read too fast"],
    same_increment: ["相邻表码差雷同", "Neighbours moved alike"],
    round_numbers: ["整数表码过多", "Too many round figures"],
    multiplier_changed: ["倍率变更", "Multiplier changed"],
    over_capacity: ["电量超容量", "More than the capacity"],
  },
} as const;
