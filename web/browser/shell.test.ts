// The frame of the console: signing in, finding a customer, language, appearance, rights.

import { expect, test } from "vitest";
import { PASSWORD, town } from "./harness";

const t = town();

test("a new login has to change its first password, and is then at work", async () => {
  const { password } = await t.api<{ password: string }>(
    "administrator",
    "POST",
    `/people/${t.login("verifier")}/reset`,
    {},
  );
  const page = await t.open("/home");
  await page.getByLabel("登录名").fill(t.login("verifier"));
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "首次登录须修改密码" }).waitFor();
  await page.getByLabel("原密码").fill(password);
  await page.getByLabel("新密码", { exact: true }).fill("kurz");
  await page.getByLabel("再次输入新密码").fill("kurz");
  t.watch.allow(422, /me\/password/);
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("password.short").waitFor();
  await page.getByLabel("新密码", { exact: true }).fill("Dengta-2027");
  await page.getByLabel("再次输入新密码").fill("Dengta-2027");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByRole("heading", { name: "我的工作" }).waitFor();
});

test("a wrong password is told in the language that is shown", async () => {
  const page = await t.open("/", { language: "en" });
  t.watch.allow(401, /login/);
  await page.getByLabel("Login").fill(t.login("cashier"));
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("login.wrong").waitFor();
  await t.check(page);
  await t.shot(page, "login-en");
});

test("a new user sees whether a customer is cut in two clicks", async () => {
  const page = await t.signIn("collector", "/home");
  await page.getByRole("button", { name: "搜索客户或功能" }).click();
  await page.keyboard.type("灯火县人民路");
  const first = page.getByRole("option").first();
  await first.waitFor();
  await first.click();
  const supply = page.getByTestId("supply");
  await supply.waitFor();
  expect(await supply.textContent()).toMatch(/正常供电|停电流程/);
  await t.check(page);
});

test("a customer is found by the keyboard alone", async () => {
  const page = await t.signIn("manager", "/home");
  await page.getByRole("heading", { name: "我的工作" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "搜索客户或功能" }).waitFor();
  await page.keyboard.type("3710000017");
  await page.getByRole("option", { name: /3710000017/ }).waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/accounts\/3710000017/);
  await page.getByRole("tab", { name: "账单", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("columnheader", { name: "电费年月" }).waitFor();
});

test("language and appearance change at once and stay", async () => {
  const page = await t.signIn("manager", "/home");
  await page.getByRole("heading", { name: "我的工作" }).waitFor();
  await page.getByRole("button", { name: /语言/ }).click();
  await page.getByRole("heading", { name: "My work" }).waitFor();
  await page.getByRole("button", { name: "Appearance" }).click();
  await page.getByText("Dark", { exact: true }).click();
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.reload();
  await page.getByRole("heading", { name: "My work" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await t.shot(page, "home-en-dark");
});

test("the appearance follows the system until one is chosen", async () => {
  const page = await t.signIn("manager", "/home", { systemDark: true });
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
});

test("a page without its right says which one is missing; menu and search do not offer it", async () => {
  const page = await t.signIn("administrator", "/accounts");
  await page.getByText("查看客户").waitFor();
  expect(await page.getByRole("link", { name: "查找客户" }).count()).toBe(0);
  await page.goto(t.url("/no/such/page"));
  await page.getByText("没有这个页面").waitFor();
});

test("the end of a session leads to the login and back to the page", async () => {
  const page = await t.signIn("accountant", "/accounts/3710000017/payments");
  await page.getByRole("tab", { name: "缴费" }).waitFor();
  await page.context().clearCookies();
  t.watch.allow(401);
  await page.getByRole("tab", { name: "账单", exact: true }).click();
  await page.getByLabel("登录名").fill(t.login("accountant"));
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "账单", exact: true }).waitFor();
  expect(page.url()).toContain("/accounts/3710000017/bills");
});

test("signing out ends the session at the server too", async () => {
  const page = await t.open("/home");
  await page.getByLabel("登录名").fill(t.login("inspector"));
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /我的账户/ }).click();
  await page.getByText("退出登录").click();
  await page.getByLabel("登录名").waitFor();
  const cookies = await page.context().cookies();
  expect(cookies.filter((cookie) => cookie.value !== "")).toEqual([]);
});

test("a tab that was open while the program was replaced loads itself anew", async () => {
  const page = await t.signIn("accountant", "/accounts/3710000017");
  await page.getByRole("tab", { name: "缴费" }).waitFor();
  let asked = 0;
  await page.route(/assets\/Payments-.*\.js/, (route) =>
    ++asked === 1 ? route.fulfill({ status: 404, body: "404" }) : route.continue(),
  );
  t.watch.allow(404, /assets/);
  await page.getByRole("tab", { name: "缴费" }).click();
  await page.getByRole("columnheader", { name: "渠道" }).waitFor();
  expect(asked).toBe(2);
});
