"""A mail relay on loopback that keeps every mail it accepts in a Maildir, and misbehaves as it is told.

Speaks with its test by lines. It says `port N`, then `stored N` after each mail. Asked `settle`, it waits until nobody is
connected any more and says `settled N`.
"""

import argparse
import asyncio
import os
import pathlib
import sys
import threading

from aiosmtpd.smtp import SMTP


def say(*words):
    print(*words, flush=True)


class Handler:
    def __init__(self, args):
        self.args = args
        self.asked = 0
        self.data = 0
        self.stored = 0
        for name in ("tmp", "new", "cur"):
            (args.maildir / name).mkdir(parents=True, exist_ok=True)

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked += 1
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        if self.args.refuse_every and self.asked % self.args.refuse_every == 0:
            return "451 4.2.1 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.data += 1
        drops = self.args.drop_every and self.data % self.args.drop_every == 0
        # Of two mails after which the connection is lost, one is kept.
        if not drops or (self.data // self.args.drop_every) % 2:
            self.keep(envelope)
        if drops:
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 2.0.0 kept"

    def keep(self, envelope):
        self.stored += 1
        name = f"{self.stored:08}.peer"
        draft = self.args.maildir / "tmp" / name
        draft.write_bytes(envelope.original_content)
        os.rename(draft, self.args.maildir / "new" / name)
        say("stored", self.stored)


class Peer(SMTP):
    connected = 0

    def connection_made(self, transport):
        Peer.connected += 1
        super().connection_made(transport)

    def connection_lost(self, error):
        Peer.connected -= 1
        super().connection_lost(error)


async def settle(handler):
    still = 0
    while still < 5:
        await asyncio.sleep(0.01)
        still = 0 if Peer.connected else still + 1
    say("settled", handler.stored)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("maildir", type=pathlib.Path)
    parser.add_argument("--refuse-every", type=int, default=0)
    parser.add_argument("--drop-every", type=int, default=0)
    handler = Handler(parser.parse_args())
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Peer(handler, hostname="peer", loop=loop, data_size_limit=64 << 20), "127.0.0.1", 0
    )
    say("port", server.sockets[0].getsockname()[1])

    def listen():
        for line in sys.stdin:
            if line.strip() == "settle":
                asyncio.run_coroutine_threadsafe(settle(handler), loop)
        loop.call_soon_threadsafe(loop.stop)

    threading.Thread(target=listen, daemon=True).start()
    await asyncio.Event().wait()


try:
    asyncio.run(main())
except RuntimeError:
    pass  # the test has gone
