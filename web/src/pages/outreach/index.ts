// 走访宣传: articles and campaigns.

import { lazy } from "react";
import type { PageDef, TaskPaths } from "@/app/pages";

export const pages: PageDef[] = [
  {
    path: "/outreach/articles",
    title: { zh: "知识库", en: "Articles" },
    group: "outreach",
    order: 1,
    permission: "see_articles",
    component: lazy(() => import("./Articles")),
  },
  {
    path: "/outreach/articles/:article",
    title: { zh: "文章", en: "Article" },
    permission: "see_articles",
    component: lazy(() => import("./Article")),
  },
  {
    path: "/outreach/campaigns",
    title: { zh: "宣传活动", en: "Campaigns" },
    group: "outreach",
    order: 2,
    permission: "see_campaigns",
    component: lazy(() => import("./Campaigns")),
  },
  {
    path: "/outreach/campaigns/:campaignNo",
    title: { zh: "活动与效果", en: "Campaign" },
    permission: "see_campaigns",
    component: lazy(() => import("./Campaign")),
  },
];

export const taskPaths: TaskPaths = {
  article_review: (task) => `/outreach/articles/${task.subject}`,
  campaign_approval: (task) => `/outreach/campaigns/${task.subject}`,
};
