// English names of the stages of a business day; the API tells the Chinese ones.

export const STAGES: Record<string, string> = {
  collect: "Collect readings",
  verify: "Verify readings",
  bill: "Calculate bills",
  issue: "Release bills",
  notify: "Tell customers",
  post: "Use prepayments",
  accrue: "Late fees",
  dun: "Collection ladder",
  disconnect: "Cuts",
  legal: "Legal matters",
  serve: "Tickets in time",
  measure: "Targets and appraisals",
  supervise: "Supervision",
  outreach: "Articles and campaigns",
  detect: "Problems of many",
  close: "Close the day",
};
