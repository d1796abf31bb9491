// What the build makes of the API's document; see `operations` in vite.config.ts.

declare module "virtual:operations" {
  /** Names of the operations that change something, 中文 and English. */
  export const operations: Record<string, [zh: string, en: string]>;
}
