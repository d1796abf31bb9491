// A relay that takes mail over SMTP, as the company's does, and keeps what came.

import { createServer } from "node:net";

/** What a relay has taken. */
export interface Mailbox {
  port: number;
  /** The mails, as they came. */
  mails: { to: string; content: string }[];
  close: () => Promise<void>;
}

/** Opens a relay at a free port. */
export async function mailbox(): Promise<Mailbox> {
  const mails: Mailbox["mails"] = [];
  const server = createServer((socket) => {
    let waiting = "";
    let to = "";
    let isContent = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 relay");
    socket.setEncoding("utf8");
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: string) => {
      waiting += chunk;
      for (;;) {
        const end = waiting.indexOf(isContent ? "\r\n.\r\n" : "\r\n");
        if (end < 0) {
          return;
        }
        const told = waiting.slice(0, end);
        waiting = waiting.slice(end + (isContent ? 5 : 2));
        if (isContent) {
          isContent = false;
          mails.push({ to, content: told });
          say("250 taken");
        } else if (told.startsWith("RCPT")) {
          to = told.match(/<(.*)>/)?.[1] ?? "";
          say("250 ok");
        } else if (told === "DATA") {
          isContent = true;
          say("354 go on");
        } else if (told === "QUIT") {
          say("221 bye");
          socket.end();
        } else {
          say("250 relay");
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
